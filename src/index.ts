/** The library: the language, the checker and traces. Nothing in it prints or ends the process. */
export * from './checker/index.ts';
export { assertHolds, NotHolding } from './review/index.ts';
export * from './spec/index.ts';
export * from './trace/index.ts';

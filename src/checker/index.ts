export { check } from './check.ts';
export * from './result.ts';
export { StepError } from './search.ts';

export { check } from './check.ts';
export { StepError } from './findings.ts';
export * from './result.ts';

export * from './reducer.ts';

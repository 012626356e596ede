export { Reducer } from './reducer.ts';

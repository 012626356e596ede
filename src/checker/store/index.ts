export { StoreFull } from './memory.ts';
export { Store } from './store.ts';

export { StoreFull, sharedCells } from './memory.ts';
export { Store } from './store.ts';

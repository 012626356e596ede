export { Allowance, GrowingMemory, type SharedMemory, StoreFull, sharedCells } from './memory.ts';
export { Store, type StoreParts } from './store.ts';

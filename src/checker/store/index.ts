export { BATCH, inBatches } from './batches.ts';
export type { CopyState, VisitState } from './folded.ts';
export { Allowance, GrowingMemory, type SharedMemory, StoreFull, sharedCells } from './memory.ts';
export { Store, type StoreParts } from './store.ts';

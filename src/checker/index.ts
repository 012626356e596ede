export { check } from './check.ts';
export { type Checkpoint, CheckpointMismatch, type Checkpoints, type Counts } from './checkpoint.ts';
export { StepError } from './findings.ts';
export type { Ledger } from './ledger.ts';
export type { Recollection } from './recollection.ts';
export { REHEARSED } from './rehearsal.ts';
export * from './rehearsed.ts';
export { type Reproduction, reproduce } from './reproduce.ts';
export * from './result.ts';

export type { Generator } from './generator.ts';
export type { Leg } from './real-path.ts';
export * from './symmetry.ts';

import type { ManaParameters } from './parameters.ts';

type Case = Partial<ManaParameters>;

export const configurations: Readonly<Record<string, readonly Case[]>> = {
  M1: [{ queues: 0 }, { queues: 1 }],
};

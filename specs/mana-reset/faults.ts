import { type Body, type Citation, fault } from '../../src/spec/index.ts';
import type { ManaParameters } from './parameters.ts';
import type { World } from './state.ts';

/** A choice between failure and success, in the cases that have this fault; otherwise what happens on success. */
export const mayFail = (
  w: World,
  kind: ManaParameters['fault'],
  name: string,
  faulty: Body,
  otherwise: Body,
  cite: Citation,
): Body => (w.p.fault === kind ? [fault(name, w.faults, faulty, otherwise, { cite })] : otherwise);

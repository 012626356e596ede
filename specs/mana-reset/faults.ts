import { type Body, type Budget, type Citation, fault } from '../../src/spec/index.ts';
import type { ManaParameters } from './parameters.ts';
import type { World } from './state.ts';

type Kind = Exclude<ManaParameters['fault'], 'none' | 'any'>;

const canFail = (w: World, kind: Kind): boolean =>
  (w.p.fault === kind || w.p.fault === 'any') && (kind !== 'close' || w.p.closeFails);

/** What a fault of this kind is paid from, in the cases that have it. */
export const budgetOf = (w: World, kind: Kind): Budget | undefined => (canFail(w, kind) ? w.faults : undefined);

/** A choice between failure and success, in the cases that have this fault; otherwise what happens on success. */
export const mayFail = (w: World, kind: Kind, name: string, faulty: Body, otherwise: Body, cite: Citation): Body =>
  canFail(w, kind) ? [fault(name, w.faults, faulty, otherwise, { cite })] : otherwise;

import { type Model, mutex } from '../../src/spec/index.ts';
import type { ManaParameters } from './parameters.ts';

/** What the driver keeps for the second port of the PCI device, as far as a probe of the first one touches it. */
export function declareOtherPort(m: Model, p: ManaParameters) {
  if (p.ports === 1) return undefined;
  return {
    OPS: mutex(m, 'port 2 reset_ops_lock', { property: 'P6 LockOwner' }),
    /** Contexts by the number of their opening; the first one is 0. */
    ibCtx: m.variable<number>('port 2 ib_ctx', 0, { plain: true }),
    ibPd: m.variable<number>('port 2 ib_pd', 0),
    IH: m.variable<number>('port 2 intr_handle', 0),
    /** How many of its contexts were opened and not closed. */
    open: m.variable<number>('port 2 contexts', 1),
  };
}

export type OtherPort = NonNullable<ReturnType<typeof declareOtherPort>>;

import type { World } from '../state.ts';
import { proc } from './watch.ts';

/** Properties of two ports on one PCI device. */
export function portProperties(w: World): void {
  const { m, otherPort: other } = w;
  if (!other) return;
  m.stepInvariant(
    'P31 PortIsolation',
    (s, next, taken) => {
      if (!taken.within(proc('mana_reset_thread')) || s.get(other.OPS.owner) === taken.thread) return true;
      return [other.ibCtx, other.ibPd, other.IH].every(v => s.get(v) === next.get(v));
    },
    { because: 'the lock is one a device: a reset of one port leaves the others alone' },
  );
  m.endState('P31e PortConservation', s => s.get(other.open) === 1, {
    because: 'the other port has the one context that it had',
  });
}

import { attempt, type Model, step, unlock } from '../../../src/spec/index.ts';
import { mana, opsLock } from '../source.ts';
import type { World } from '../state.ts';

/** PORT2: a control call on the second port of the device, under the lock of that port. */
export function otherPortThread(m: Model, w: World): void {
  const { otherPort: other } = w;
  if (!other) return;
  m.thread('PORT2', t => [
    attempt(
      'A1 trylock of port 2',
      s => other.OPS.tryTake(s, t),
      [
        step(
          'AG set context attribute of port 2',
          s => (s.get(other.ibCtx) >= 0 ? s : s.violate(w.obligations.P4, `${t.name} uses context NULL`)),
          mana('mana_dev_configure', 'manadv_set_context_attr', 109),
        ),
        unlock(other.OPS, t, {
          name: 'A unlock of port 2',
          cite: opsLock(w.sw, 'unlock', ['mana_dev_configure_lock', 937], ['MANA_OPS_1_LOCK', 959]),
        }),
      ],
      [],
      { cite: opsLock(w.sw, 'trylock', ['mana_reset_trylock', 441], ['mana_dev_info_get_lock', 455]), rest: true },
    ),
  ]);
}

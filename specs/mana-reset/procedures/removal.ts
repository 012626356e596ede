import { procedure, type State } from '../../../src/spec/index.ts';
import { delivered } from '../contract.ts';
import { freeLock, onPriv, takeLock } from '../driver.ts';
import { mana, opsLock } from '../source.ts';
import type { World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { setAlarm } from './eal-alarm.ts';

const RM = 'mana_pci_remove_event_cb';

/** RM: the callback for the removal of the PCI device. */
export const pciRemoveEvent = (w: World, calls: Calls) =>
  procedure(RM, t => {
    const lock = takeLock(w, t, w.OPS, 'RM5 lock', opsLock(w.sw, 'lock', [RM, 1409], [RM, 1374]));
    const unlock = freeLock(w, t, w.OPS, 'RM6 unlock', opsLock(w.sw, 'unlock', [RM, 1410], [RM, 1382]));
    const event = emit(w, t, 'RM7', 'INTR_RMV', calls, mana(RM, 'RTE_ETH_EVENT_INTR_RMV', 1416), s => delivered(w, s));
    const flags = w.sw.abort === 'flags';
    const alarm = w.sw.reports === 'alarm';
    const store = (s: State) => s.set(w.ST, 'RESET_FAILED');
    const note = (s: State) => (flags || alarm ? s.set(w.removalNoted, true) : s);
    return [
      onPriv(
        w,
        t,
        flags ? 'RM2-RM4 note removal and signal' : 'RM2-RM4 store RESET_FAILED and signal',
        s => s.get(w.CND.owner) === null && w.CV.signal(note(flags ? s : store(s))),
        mana(RM, 'MANA_DEV_RESET_FAILED', 1402),
        {
          waitsFor: s => s.get(w.CND.owner) ?? undefined,
        },
      ),
      alarm
        ? setAlarm(w, t, 'RM5 set alarm', mana(RM, 'reset_ops_lock', 1409))
        : w.sw.removalEvent === 'locked'
          ? [lock, event, unlock]
          : [
              lock,
              flags ? onPriv(w, t, 'RM5 store RESET_FAILED', store, mana(RM, 'MANA_DEV_RESET_FAILED', 1402)) : [],
              unlock,
              event,
            ],
    ];
  });

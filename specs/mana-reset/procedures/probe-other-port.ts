import { assign, procedure, ret, type State, step, whenLocal } from '../../../src/spec/index.ts';
import { mayFail } from '../faults.ts';
import type { OtherPort } from '../other-port.ts';
import { mana } from '../source.ts';
import type { World } from '../state.ts';

const PT = 'mana_probe_port';

/** PT of the second port, which exists: it gets a context and domains as if it were being reset, under no lock of its own. */
export const probeOtherPort = (w: World, other: OtherPort) =>
  procedure(PT, t => {
    const ctx = t.local<number>('ctx', -1);
    const opened = (s: State) => s.get(ctx) !== -1;
    return [
      mayFail(
        w,
        'open',
        'PT2 open fails on port 2',
        [],
        [
          step(
            'PT2 open context of port 2',
            s => s.set(ctx, s.get(other.open)).update(other.open, n => n + 1),
            mana(PT, 'ibv_open_device', 2219),
          ),
        ],
        mana(PT, 'ibv_open_device', 2219),
      ),
      whenLocal(
        opened,
        [
          step('PT3 alloc PD of port 2', s => s.set(other.ibPd, s.get(ctx)), mana(PT, 'ibv_alloc_pd', 2226)),
          step('PT4 ib_ctx of port 2 := ctx', s => s.set(other.ibCtx, s.get(ctx)), mana(PT, 'ib_ctx', 2244)),
          step(
            'N1 alloc intr_handle of port 2',
            s => s.set(other.IH, s.get(other.ibCtx)),
            mana('mana_intr_install', 'rte_intr_instance_alloc', 1942),
          ),
          assign(ctx, -1),
          ret(0),
        ],
        [ret(-1)],
      ),
    ];
  });

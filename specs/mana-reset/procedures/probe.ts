import { assign, attempt, type Body, call, procedure, ret, type State, whenLocal } from '../../../src/spec/index.ts';
import { inPriv, onPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana } from '../source.ts';
import { NULL, nextContext, type World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import type { intrInstall } from './interrupts.ts';
import { probeOtherPort } from './probe-other-port.ts';

const PT = 'mana_probe_port';
const PP = 'mana_pci_probe';

/** PT: the probe of the port, which exists already; answers 0 or an error. */
export const probePort = (w: World, install: ReturnType<typeof intrInstall>, calls: Calls) =>
  procedure(PT, t => {
    const ctx = t.local<number>('ctx', NULL);
    const answer = t.local('ret', 0);
    const fails: Body = [assign(answer, -1)];
    const ok = (s: State) => s.get(answer) === 0;
    return [
      mayFail(
        w,
        'open',
        'PT2 open fails',
        fails,
        [
          inPriv(
            w,
            t,
            attempt(
              'PT2 open context',
              s => {
                if (s.get(w.removed)) return false;
                const g = nextContext(w, s);
                return s.set(w.ctx(g), 'open').set(ctx, g);
              },
              [],
              fails,
              { cite: mana(PT, 'ibv_open_device', 2219) },
            ),
          ),
        ],
        mana(PT, 'ibv_open_device', 2219),
      ),
      whenLocal(
        ok,
        mayFail(
          w,
          'pd',
          'PT3 alloc PD fails',
          fails,
          [onPriv(w, t, 'PT3 alloc PD', s => s.set(w.ibPd, s.get(ctx)), mana(PT, 'ibv_alloc_pd', 2226))],
          mana(PT, 'ibv_alloc_pd', 2226),
        ),
      ),
      whenLocal(
        ok,
        mayFail(
          w,
          'pd',
          'PT3 alloc parent domain fails',
          fails,
          [
            onPriv(
              w,
              t,
              'PT3 alloc parent domain',
              s => s.set(w.ibParentPd, s.get(ctx)),
              mana(PT, 'ibv_alloc_parent_domain', 2237),
            ),
          ],
          mana(PT, 'ibv_alloc_parent_domain', 2237),
        ),
      ),
      whenLocal(ok, [
        onPriv(w, t, 'PT4 ib_ctx := ctx', s => s.set(w.ibCtx, s.get(ctx)), mana(PT, 'ib_ctx', 2244)),
        call(install, { out: answer }),
      ]),
      whenLocal(
        s => !ok(s),
        [
          onPriv(
            w,
            t,
            'PT-F dealloc PDs',
            s => s.set(w.ibParentPd, NULL).set(w.ibPd, NULL),
            mana(PT, 'ibv_dealloc_pd', 2340),
          ),
          whenLocal(
            s => s.get(ctx) !== NULL,
            [
              onPriv(
                w,
                t,
                'PT-F close context',
                s => {
                  const g = s.get(ctx);
                  return s.set(w.ctx(g), 'closed').set(w.fatal(g), 0).set(w.ibCtx, NULL);
                },
                mana(PT, 'ibv_close_device', 2358),
              ),
            ],
          ),
          ret(-1),
        ],
      ),
      w.sw.renew ? emit(w, t, 'PT7', 'NEW', calls, mana(PT, 'rte_eth_dev_probing_finish', 2332)) : [],
      ret(0),
    ];
  });

/** PP: the probe of the PCI device: of every port that it has; answers 0 when one of them was probed. */
export const pciProbe = (w: World, probe: ReturnType<typeof probePort>) =>
  procedure(PP, t => {
    const answer = t.local('ret', 0);
    const other = w.sw.probes === 'device' && w.otherPort ? probeOtherPort(w, w.otherPort) : undefined;
    const second = other ? t.local('ret of port 2', 0) : answer;
    return [
      mayFail(
        w,
        'absent',
        'PP2 device absent',
        [ret(-1)],
        [
          inPriv(
            w,
            t,
            attempt('PP2 list devices', s => !s.get(w.removed) && s, [], [ret(-1)], {
              cite: mana('mana_pci_probe_mac', 'ibv_get_device_list', 2383),
            }),
          ),
        ],
        mana('mana_pci_probe_mac', 'ibv_get_device_list', 2383),
      ),
      call(probe, { out: answer }),
      other ? [call(other, { out: second }), whenLocal(s => s.get(second) === 0, [assign(answer, 0)])] : [],
      whenLocal(s => s.get(answer) !== 0, [ret(-1)]),
      w.sw.recount
        ? onPriv(w, t, 'PP5 primary_cnt += 1', s => s.update(w.primaryCnt, n => n + 1), mana(PP, 'primary_cnt', 2512))
        : [],
      ret(0),
    ];
  });

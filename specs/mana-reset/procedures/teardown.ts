import { assign, type Block, type Body, call, type Thread, whenLocal } from '../../../src/spec/index.ts';
import { badQueue, eachQueue, onPriv } from '../driver.ts';
import { mana } from '../source.ts';
import { activeQueues, type World } from '../state.ts';
import type { devClose, devStart, devStop } from './device.ts';
import type { pciProbe } from './probe.ts';
import type { Ask } from './request.ts';

const RE = 'mana_reset_enter';
const RT = 'mana_reset_thread';

/** The bodies that the reset path shares with the control calls. */
export interface Bodies {
  readonly stop: ReturnType<typeof devStop>;
  readonly close: ReturnType<typeof devClose>;
  readonly start: ReturnType<typeof devStart>;
  readonly ask: Ask;
  readonly probe: ReturnType<typeof pciProbe>;
}

/** RT2 to RT6: the device is torn down; `failed` follows a close that failed. On the reset thread, before R5 on INTR. */
export function teardown(w: World, t: Thread, bodies: Bodies, failed: Body): Body {
  const answer = t.local('ret', 0);
  const cite = (identifier: string, line: number, R2: number) =>
    w.sw.teardown === 'RST' ? mana(RT, identifier, line) : mana(RE, identifier, R2);
  return [
    call(bodies.stop),
    call(bodies.ask.RESET_ENTER, { out: answer }),
    whenLocal(s => s.get(answer) === 0, [call(bodies.close, { out: answer })]),
    whenLocal(
      s => s.get(answer) !== 0,
      [
        assign(answer, 0),
        onPriv(
          w,
          t,
          'RT-F store RESET_FAILED',
          s => s.set(w.ST, 'RESET_FAILED'),
          cite('MANA_DEV_RESET_FAILED', 1463, 1471),
        ),
        failed,
      ],
    ),
    w.queues.length === 0
      ? []
      : onPriv(
          w,
          t,
          'RT5 free queue MR tables',
          s =>
            eachQueue(
              s,
              activeQueues(w, s),
              (next, q) => badQueue(w, next, t, q, 'RT5'),
              (next, q) => next.set(w.qmr(q), false),
            ),
          cite('mana_mr_btree_free', 1473, 1482),
        ),
    onPriv(w, t, 'RT6 store RESET_EXIT', s => s.set(w.ST, 'RESET_EXIT'), cite('MANA_DEV_RESET_EXIT', 1479, 1488)),
  ];
}

/** The step in which the reset thread says itself that it is no longer active. */
export const clearFlag = (w: World, t: Thread, label: string, fn: string, line: number): Body => [
  onPriv(
    w,
    t,
    `${label} store reset_thread_active false`,
    s => s.set(w.RTA, false),
    mana(fn, 'reset_thread_active', line),
  ),
];

/** How the reset thread ends: the event, the flag and the lock, in the order of the revision. */
export const finish = (
  w: World,
  parts: { readonly event: Body; readonly clear: Body; readonly unlock: Block },
): Body => [
  w.sw.resultEvents === 'locked' ? parts.event : [],
  w.sw.clearFlag === 'before unlocking' ? parts.clear : [],
  parts.unlock,
  w.sw.clearFlag === 'after unlocking' ? parts.clear : [],
  w.sw.resultEvents === 'unlocked' ? parts.event : [],
];

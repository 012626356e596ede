import { call, procedure, ret, type Thread, wait, waitWhile } from '../../../src/spec/index.ts';
import { mayPass } from '../deadline.ts';
import { allInPriv, freeLock, takeLock, testPriv } from '../driver.ts';
import { mana, opsLock } from '../source.ts';
import type { World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { setAlarm } from './eal-alarm.ts';
import { ended } from './join.ts';
import { blockBursts, drain } from './reset-enter.ts';
import { giveUp, type resetExit } from './reset-exit.ts';
import { type Bodies, clearFlag, finish, teardown } from './teardown.ts';
import { clearBurstState } from './wrappers.ts';

const RT = 'mana_reset_thread';

/** RT: the reset thread. */
export const resetThread = (
  w: World,
  bodies: Bodies,
  exit: ReturnType<typeof resetExit>,
  calls: Calls,
  intr: () => Thread,
) =>
  procedure(RT, t => {
    const wake = {
      name: 'RT9 wait',
      deadline: w.p.deadline === 'any' ? true : mayPass(w, intr, t),
      cite: mana(RT, 'pthread_cond_timedwait', w.sw.waitLoop ? 1500 : 1405),
    } as const;
    return [
      w.sw.teardown === 'RST'
        ? [
            takeLock(w, t, w.OPS, 'RT1 lock', opsLock(w.sw, 'lock', [RT, 1437])),
            w.sw.enter === 'RST' ? [blockBursts(w, t), drain(w, t)] : [],
            teardown(w, t, bodies, [
              clearBurstState(w, t, 'RT-F2 clear burst_state', RT, 1527),
              finish(w, {
                event:
                  w.sw.reports === 'alarm'
                    ? setAlarm(w, t, 'RT-F4 set alarm', mana(RT, 'rte_eth_dev_callback_process', 1532))
                    : emit(w, t, 'RT-F4', 'RECOVERY_FAILED', calls, mana(RT, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1533)),
                clear: clearFlag(w, t, 'RT-F3', RT, 1507),
                unlock: freeLock(w, t, w.OPS, 'RT-F3 unlock', mana(RT, 'pthread_mutex_unlock', 1528)),
              }),
              ret,
            ]),
            freeLock(w, t, w.OPS, 'RT7 unlock', mana(RT, 'pthread_mutex_unlock', 1482)),
          ]
        : [],
      takeLock(w, t, w.CND, 'RT8 lock', mana(RT, 'reset_cond_mutex', 1497)),
      w.sw.waitLoop
        ? allInPriv(w, t, w.CND, [
            waitWhile(w.CV, w.CND, t, s => s.get(w.ST) === 'RESET_EXIT' && !ended(w, s), { ...wake, fused: true }),
          ])
        : allInPriv(w, t, w.CND, wait(w.CV, w.CND, t, wake)),
      freeLock(w, t, w.CND, 'RT10 unlock', mana(RT, 'pthread_mutex_unlock', 1504)),
      takeLock(w, t, w.OPS, 'RT11 lock', opsLock(w.sw, 'lock', [RT, 1506], [RT, 1408])),
      testPriv(
        w,
        t,
        'RT12 RESET_EXIT?',
        s => s.get(w.ST) === 'RESET_EXIT' && !ended(w, s),
        [],
        [
          giveUp(w, t, 'RT12', RT, 1509),
          w.sw.clearFlag === 'before unlocking' ? clearFlag(w, t, 'RT12', RT, 1415) : [],
          freeLock(w, t, w.OPS, 'RT12 unlock', opsLock(w.sw, 'unlock', [RT, w.sw.waitLoop ? 1513 : 1487], [RT, 1416])),
          setAlarm(w, t, 'RT12 set alarm', mana(RT, 'pthread_mutex_unlock', 1513)),
          ret,
        ],
        mana(RT, 'MANA_DEV_RESET_EXIT', 1509),
      ),
      call(exit),
    ];
  });

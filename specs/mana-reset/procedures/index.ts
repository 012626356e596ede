import type { Thread } from '../../../src/spec/index.ts';
import type { Queue, World } from '../state.ts';
import { resetAlarm } from './alarm.ts';
import { closeFailed } from './callback.ts';
import { rxBurst, txBurst } from './datapath.ts';
import { devClose, devStart, devStop } from './device.ts';
import * as ethdev from './ethdev.ts';
import { intrHandler } from './handler.ts';
import { intrInstall, intrUninstall } from './interrupts.ts';
import { joinResetThread } from './join.ts';
import { pciProbe, probePort } from './probe.ts';
import { pciRemoveEvent } from './removal.ts';
import { request } from './request.ts';
import { resetEnter } from './reset-enter.ts';
import { resetExit, resetExitDelay } from './reset-exit.ts';
import { resetThread } from './reset-thread.ts';
import * as wrap from './wrappers.ts';

/** Every modelled function, made once a model; the callers differ only in thread and in what they hold. */
export function procedures(w: World, intr: () => Thread) {
  const ask = request(w, intr);
  const joiner = joinResetThread(w);
  const stop = devStop(w, ask);
  const close = devClose(w, joiner, intrUninstall(w, intr));
  const start = devStart(w, ask);
  const trylock = wrap.resetTrylock(w);
  const releases: Record<Queue, ReturnType<typeof wrap.queueReleaseLock>> = {
    rx0: wrap.queueReleaseLock(w, trylock, 'rx0'),
    tx0: wrap.queueReleaseLock(w, trylock, 'tx0'),
  };

  const locked = {
    stop: wrap.stopLock(w, joiner, stop),
    close: wrap.closeLock(w, joiner, close, intr, t => closeFailed(w, t)),
  };
  const infoGetLock = wrap.infoGetLock(w, trylock);
  const info = ethdev.ethInfo(w, infoGetLock);
  const calls = {
    stop: ethdev.ethStop(w, locked.stop),
    close: ethdev.ethClose(w, locked.close),
    info,
  };
  const probe = pciProbe(w, probePort(w, intrInstall(w), calls));
  const bodies = { stop, close, start, ask, probe };
  const exitDelay = resetExitDelay(w, bodies, calls);
  const setup = (q: Queue) => ethdev.ethQueueSetup(w, q, info, wrap.queueSetupLock(w, trylock, q), releases[q]);

  return {
    ...calls,
    infoGetLock,
    start: ethdev.ethStart(w, info, wrap.startLock(w, trylock, start)),
    configure: ethdev.ethConfigure(w, info, wrap.configureLock(w, trylock), releases),
    setup: { rx0: setup('rx0'), tx0: setup('tx0') },
    rxIntrEnable: ethdev.ethRxIntrEnable(w, wrap.rxIntrEnableLock(w, trylock)),
    remove: ethdev.devRemove(w, wrap.devUninit(w, joiner, close, locked)),
    handler: intrHandler(w, resetEnter(w, bodies), calls),
    removeEvent: pciRemoveEvent(w, calls),
    resetThread: resetThread(w, bodies, resetExit(w, exitDelay, calls, intr), calls, intr),
    exitDelay,
    resetAlarm: resetAlarm(w, joiner, calls),
    txBurst: txBurst(w),
    rxBurst: rxBurst(w),
  };
}

export type Procedures = ReturnType<typeof procedures>;

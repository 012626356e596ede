import type { Thread } from '../../../src/spec/index.ts';
import type { World } from '../state.ts';
import { type Cast, type History, ending, reported, step } from './watch.ts';

/** Properties of the events that the application hears. */
export function eventProperties(w: World, cast: Cast, history: History): void {
  const { m } = w;
  const { removal, view } = history;

  // Whether a recovery has begun and not come to its end, and what else the application heard or did meanwhile.
  const recovery = m.observer<'none' | 'open' | 'removed' | 'ended by call' | 'removed, ended by call'>('recovery', 'none', (o, taken) => {
    const event = reported(taken);
    if (event === 'RECOVERY_SUCCESS' || event === 'RECOVERY_FAILED') return 'none';
    if (event === 'ERR_RECOVERING') return o === 'none' ? 'open' : o;
    if (o === 'none') return o;
    if (event === 'INTR_RMV') return o === 'open' ? 'removed' : o === 'ended by call' ? 'removed, ended by call' : o;
    if (taken.is(step('AS1 fp_ops := dummy'), step('AC1 stopped?')) && taken.label === 'done') {
      return o === 'open' ? 'ended by call' : o === 'removed' ? 'removed, ended by call' : o;
    }
    return o;
  });
  const observes = [recovery];
  m.endState('P8 TerminalDelivery', s => s.get(recovery.variable) === 'none', {
    because: 'ERR_RECOVERING is followed by RECOVERY_SUCCESS or RECOVERY_FAILED', observes,
  });
  m.endState('P8r TerminalOrRemoval', s => ['none', 'removed', 'removed, ended by call'].includes(s.get(recovery.variable)), {
    because: 'the same, where INTR_RMV counts as an end', observes,
  });
  m.endState('P8a TerminalUnlessCalled', s => s.get(recovery.variable) !== 'open', {
    because: 'the same, where a stop or close that the application began counts as an end too', observes,
  });
  m.stepInvariant('P9 OneTerminal', (s, _next, taken) => {
    const event = reported(taken);
    return (event !== 'RECOVERY_SUCCESS' && event !== 'RECOVERY_FAILED') || s.get(recovery.variable) !== 'none';
  }, { because: 'one ERR_RECOVERING has one terminal event, and none comes without one', observes });

  m.stepInvariant('P10 NoSuccessAfterRemove', (s, _next, taken) => reported(taken) !== 'RECOVERY_SUCCESS' || s.get(removal.variable) === 'none', {
    because: 'a device that was removed has not recovered', observes: [removal],
  });
  m.stepInvariant('P14r RemovalKept', (s, next, taken) => {
    if (s.get(w.ST) !== 'RESET_FAILED' || next.get(w.ST) === 'RESET_FAILED' || taken.within(...ending)) return true;
    return s.get(removal.variable) === 'none';
  }, { because: 'finding 10: the state that a removal wrote is left by the application only', observes: [removal] });
  m.stepInvariant('P24 RemoveSignalKept', (s, next, taken) => {
    if (!taken.is(step('RT9 wait')) || taken.label === 'else' || !taken.thread) return true;
    return s.get(removal.variable) === 'none' || !next.get(w.CV.waiters).has(taken.thread as Thread);
  }, { because: 'a removal that is signalled before the reset thread waits is not lost', observes: [removal] });
  m.stepInvariant('P34 TeardownDoneBeforeRmv', (s, _next, taken) => {
    const { thread } = taken;
    if (reported(taken) === 'INTR_RMV') {
      const owner = s.get(w.OPS.owner);
      return owner === null || owner === thread || !(cast.rst.includes(owner) || owner === cast.intr);
    }
    const begins = taken.is(step('S1 ACTIVE or RESET_FAILED?'), step('XE1 rxq_intr_disable')) && cast.inReset(taken);
    return !begins || s.get(removal.variable) !== 'reported';
  }, { because: 'INTR_RMV is reported when the teardown is complete, and none begins afterwards', observes: [removal] });

  const unserved = m.observer<number>('FATAL not served', -1, (o, taken, s, next) => {
    const removed = -2;
    if (o === removed) return o;
    const event = reported(taken);
    if (event === 'INTR_RMV') return removed;
    if (event === 'RECOVERY_FAILED') return -1;
    if (taken.is(step('raise FATAL'))) return w.contexts.find(g => next.get(w.fatal(g)) > s.get(w.fatal(g))) ?? o;
    return o >= 0 && taken.is(step('XD2 ibv_close_device'), step('C7 ibv_close_device'), step('PT-F close context')) && next.get(w.ctx(o)) === 'closed' ? -1 : o;
  });
  m.endState('P25 FatalServed', s => s.get(unserved.variable) < 0, {
    because: 'a DEVICE_FATAL leads to the close of its context, to RECOVERY_FAILED or to INTR_RMV', observes: [unserved],
  });

  m.stepInvariant('P28 Abstraction', (s, _next, taken) => {
    const event = reported(taken);
    if (event === undefined || event === 'NEW' || event === 'INTR_RMV') return true;
    const port = s.get(view.variable);
    return event === 'ERR_RECOVERING' ? port === 'UP' || port === 'RECOVERING' : port === 'RECOVERING';
  }, { because: 'the events are those of a port that is up, recovering, failed or removed', observes: [view] });
}

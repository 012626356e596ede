import type { State, Thread } from '../../../src/spec/index.ts';
import type { World } from '../state.ts';
import { type Cast, ending, type History, proc, reported, step } from './watch.ts';

/** Properties of the events that the application hears. */
export function eventProperties(w: World, cast: Cast, history: History): void {
  const { m } = w;
  const { removal, view } = history;

  // Whether a recovery has begun and not come to its end, and what else the application heard or did meanwhile.
  const recovery = m.observer<'none' | 'gone' | 'open' | 'removed' | 'called' | 'removed, called'>(
    'recovery',
    'none',
    (o, taken) => {
      const removed = o === 'gone' || o.startsWith('removed');
      switch (reported(taken)) {
        case 'RECOVERY_SUCCESS':
        case 'RECOVERY_FAILED':
          return removed ? 'gone' : 'none';
        case 'ERR_RECOVERING':
          return o === 'none' ? 'open' : o === 'gone' ? 'removed' : o;
        case 'INTR_RMV':
          return o === 'none' ? 'gone' : o === 'open' ? 'removed' : o === 'called' ? 'removed, called' : o;
        default:
          if (taken.label !== 'yes' || !taken.is(step('AS1 fp_ops := dummy'), step('AC1 stopped?'))) return o;
          return o === 'open' ? 'called' : o === 'removed' ? 'removed, called' : o;
      }
    },
  );
  const over = (s: State, ...also: readonly string[]) => ['none', 'gone', ...also].includes(s.get(recovery.variable));
  const observes = [recovery];
  m.endState('P8 TerminalDelivery', s => over(s), {
    because: 'ERR_RECOVERING is followed by RECOVERY_SUCCESS or RECOVERY_FAILED',
    observes,
  });
  m.endState('P8r TerminalOrRemoval', s => over(s, 'removed', 'removed, called'), {
    because: 'the same, where INTR_RMV counts as an end',
    observes,
  });
  m.endState('P8a TerminalUnlessCalled', s => over(s, 'removed', 'called', 'removed, called'), {
    because: 'the same, where a stop or close that the application began counts as an end too',
    observes,
  });
  m.stepInvariant(
    'P9 OneTerminal',
    (s, _next, taken) => {
      const event = reported(taken);
      return (event !== 'RECOVERY_SUCCESS' && event !== 'RECOVERY_FAILED') || !over(s);
    },
    { because: 'one ERR_RECOVERING has one terminal event, and none comes without one', observes },
  );

  m.stepInvariant(
    'P10 NoSuccessAfterRemove',
    (s, _next, taken) => reported(taken) !== 'RECOVERY_SUCCESS' || s.get(removal.variable) === 'none',
    {
      because: 'a device that was removed has not recovered',
      observes: [removal],
    },
  );
  m.stepInvariant(
    'P14r RemovalKept',
    (s, next, taken) => {
      if (s.get(w.ST) !== 'RESET_FAILED' || next.get(w.ST) === 'RESET_FAILED' || taken.within(...ending)) return true;
      return s.get(removal.variable) === 'none';
    },
    { because: 'finding 10: the state that a removal wrote is left by the application only', observes: [removal] },
  );
  m.stepInvariant(
    'P24 RemoveSignalKept',
    (s, next, taken) => {
      if (!taken.is(step('RT9 wait')) || taken.label === 'no' || !taken.thread) return true;
      return s.get(removal.variable) === 'none' || !next.get(w.CV.waiters).has(taken.thread as Thread);
    },
    { because: 'a removal that is signalled before the reset thread waits is not lost', observes: [removal] },
  );
  const phases = ['mana_dev_stop', 'mana_dev_close', 'mana_reset_exit'].map(proc);
  m.stepInvariant(
    'P34 TeardownDoneBeforeRmv',
    (s, _next, taken) => {
      const { thread } = taken;
      if (reported(taken) === 'INTR_RMV') {
        const owner = s.get(w.OPS.owner);
        if (owner === null || owner === thread) return true;
        return !(
          cast.reset.includes(owner) ||
          (s.within(owner, proc('mana_reset_enter')) && s.within(owner, ...phases))
        );
      }
      const begins = taken.is(step('S1 ACTIVE or RESET_FAILED?'), step('XE1 rxq_intr_disable')) && cast.inReset(taken);
      return !begins || s.get(removal.variable) !== 'reported';
    },
    { because: 'INTR_RMV is reported when the teardown is complete, and none begins afterwards', observes: [removal] },
  );

  // The context of a FATAL that nothing has answered yet, or none (-1), or the port has ended (-2): after INTR_RMV
  // for good, after RECOVERY_FAILED until the application makes the port active again.
  const [none, ended] = [-1, -2];
  const closes = [step('XD2 ibv_close_device'), step('C7 ibv_close_device'), step('PT-F close context')];
  const unserved = m.observer<number>('FATAL not served', none, (o, taken, s, next) => {
    const event = reported(taken);
    if (event === 'INTR_RMV' || event === 'RECOVERY_FAILED') return ended;
    if (o === ended)
      return taken.within(...ending) &&
        s.get(w.ST) === 'RESET_FAILED' &&
        next.get(w.ST) === 'ACTIVE' &&
        !s.get(w.removed)
        ? none
        : o;
    if (taken.is(step('raise FATAL'))) return w.contexts.find(g => next.get(w.fatal(g)) > s.get(w.fatal(g))) ?? o;
    return o >= 0 && taken.is(...closes) && next.get(w.ctx(o)) === 'closed' ? none : o;
  });
  m.endState('P25 FatalServed', s => s.get(unserved.variable) < 0, {
    because: 'a DEVICE_FATAL leads to the close of its context, to RECOVERY_FAILED or to INTR_RMV',
    observes: [unserved],
  });

  m.stepInvariant(
    'P28 Abstraction',
    (s, _next, taken) => {
      const event = reported(taken);
      if (event === undefined || event === 'NEW' || event === 'INTR_RMV') return true;
      const port = s.get(view.variable);
      return event === 'ERR_RECOVERING' ? port === 'UP' || port === 'RECOVERING' : port === 'RECOVERING';
    },
    { because: 'the events are those of a port that is up, recovering, failed or removed', observes: [view] },
  );
}

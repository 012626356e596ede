import { forAll, type State, type Step, type Thread } from '../../../src/spec/index.ts';
import { BLOCKED, NULL, type World } from '../state.ts';
import { type Cast, ending, type History, proc, reported, step } from './watch.ts';

const starting = ['rte_eth_dev_start', 'rte_eth_dev_stop'].map(proc);
const trying = [
  'rte_eth_dev_info_get',
  'rte_eth_dev_start',
  'rte_eth_dev_configure',
  'rte_eth_rx_queue_setup',
  'rte_eth_tx_queue_setup',
  'rte_eth_dev_rx_intr_enable',
].map(proc);

/** Properties of the device state and of what control calls promise. */
export function stateProperties(w: World, cast: Cast, history: History): void {
  const { m } = w;

  m.stepInvariant(
    'P14 StateLegal',
    (s, next, taken) => {
      const from = s.get(w.ST);
      const to = next.get(w.ST);
      if (from === to || to === 'RESET_FAILED') return true;
      if (to === 'RESET_ENTER') return from === 'ACTIVE';
      if (to === 'RESET_EXIT') return from === 'RESET_ENTER';
      return taken.within(...ending) || (from === 'RESET_EXIT' && cast.reset.some(t => t === taken.thread));
    },
    { because: 'the states follow each other as their declaration says' },
  );

  const callers = [cast.app, cast.second, cast.intr, ...cast.reset].filter((t): t is Thread => t !== undefined);
  const usable = (s: State): boolean => {
    if (s.get(w.ST) !== 'ACTIVE' || s.get(w.OPS.owner) !== null || s.get(w.freed) || !s.get(w.attached)) return true;
    const g = s.get(w.ibCtx);
    if (
      g !== NULL &&
      s.get(w.ctx(g)) === 'open' &&
      s.get(w.IH) !== NULL &&
      s.get(w.ibPd) === g &&
      s.get(w.ibParentPd) === g &&
      w.queues.every(q => (s.get(w.BS(q)) & BLOCKED) === 0)
    )
      return true;
    // A port that is being closed has nothing any more; its lock is free for a moment before it is released.
    return callers.some(t => s.at(t, step('AC7 release port'), step('AU5 release port')));
  };
  m.invariant('P15 ActiveMeansUsable', usable, {
    because: 'the trylock helper lets operations in because the state is ACTIVE',
  });
  m.endState('P15e ActiveMeansUsableAtEnd', usable, { because: 'the same where nothing more happens' });

  const stopped = forAll(w.queues, q => s => !s.get(w.hwq(q)) && s.get(w.qState(q)) === 'STOPPED');
  m.stepInvariant(
    'P16 StopMeansStopped',
    (s, _next, taken) =>
      !taken.is(step('AS7 dev_started := 0')) ||
      w.queues.every(q => !s.get(w.hwq(q)) && s.get(w.qState(q)) === 'STOPPED'),
    {
      because: 'stop has returned 0',
    },
  );
  const wasStopped = m.observer('stop returned 0', false, (o, taken) =>
    taken.is(step('AS7 dev_started := 0')) ? true : taken.is(step('AT dev_started := 1')) ? false : o,
  );
  m.endState('P16e StopMeansStoppedAtEnd', s => !s.get(wasStopped.variable) || s.get(stopped), {
    because: 'the same where nothing more happens',
    observes: [wasStopped],
  });

  // A port that the application has stopped, or is stopping, need not have its queues.
  const runs = (s: State) => s.get(w.devStarted) && !callers.some(t => s.within(t, proc('rte_eth_dev_stop')));
  const works = (s: State) => w.queues.every(q => (s.get(w.BS(q)) & BLOCKED) === 0 && s.get(w.hwq(q)));
  m.stepInvariant(
    'P17 SuccessMeansWorking',
    (s, _next, taken) => reported(taken) !== 'RECOVERY_SUCCESS' || works(s) || !runs(s),
    {
      because: 'RECOVERY_SUCCESS says that the port works again',
    },
  );
  m.endState(
    'P17e SuccessMeansWorkingAtEnd',
    s => {
      if (s.get(history.view.variable) !== 'UP' || !s.get(w.devStarted) || !s.get(w.attached)) return true;
      return s.get(w.fpOps) === 'real' && works(s);
    },
    { because: 'a port that is up and started passes packets', observes: [history.view] },
  );

  const agrees = (s: State): boolean => {
    if (s.get(w.devStarted) || s.get(w.OPS.owner) !== null || s.get(w.ST) !== 'ACTIVE' || !s.get(w.attached))
      return true;
    return w.queues.every(q => s.get(w.qState(q)) === 'STOPPED');
  };
  const idle = (s: State) => !callers.some(t => s.within(t, ...starting));
  m.invariant('P18 StartedAgrees', s => agrees(s) || !idle(s), {
    because: 'a port that ethdev holds to be stopped has no running queue',
  });
  m.endState('P18e StartedAgreesAtEnd', agrees, { because: 'the same where nothing more happens' });

  const teardown = ['S5 stop tx queues', 'S6 stop rx queues', 'RT5 free queue MR tables'].map(step);
  const enters = ['BT2 enter burst', 'BR2 enter burst', 'BT2 ACTIVE?', 'BR2 ACTIVE?'].map(step);
  const outside = [
    'RT1 lock',
    'XE6 detach exit thread',
    'RT-F3 unlock',
    'XD8 store ACTIVE',
    'XD10 unlock',
    'XD10 store reset_thread_active false',
    'XD11 emit RECOVERY_SUCCESS',
    'XD11 emit RECOVERY_FAILED',
    'RT-F3 unlock',
    'RT-F3 store reset_thread_active false',
    'RT-F4 emit RECOVERY_FAILED',
    'RECOVERY_FAILED callback wakes APP',
    'RECOVERY_FAILED callback sets alarm',
    'RT-F4 set alarm',
    'XD11 set alarm',
  ].map(step);
  const calls = ['rte_eth_dev_stop', 'rte_eth_dev_close', 'rte_eth_dev_info_get'].map(proc);
  // Where the reset thread blocks the bursts itself, a queue is open until its turn has come.
  const blocking = [step('RE2 block rx0'), step('RE2 block tx0')] as const;
  const opened = (taken: Step) =>
    taken.is(...enters.filter(e => e.name.startsWith('BR'))) ? blocking.slice(0, 1) : blocking;
  const tornDown = (s: State, t: Thread, taken: Step) =>
    s.within(t, proc('mana_reset_thread'), proc('mana_reset_exit_delay')) &&
    !s.at(t, ...outside, ...opened(taken)) &&
    !s.within(t, ...calls);
  m.stepInvariant(
    'P19 DrainBeforeTeardown',
    (s, _next, taken) => {
      if (taken.is(...teardown) && cast.inReset(taken)) return !cast.inBurst(s);
      return !taken.is(...enters) || taken.label !== 'yes' || !cast.reset.some(t => tornDown(s, t, taken));
    },
    { because: 'the reset path waits for the bursts, and keeps others out until the queues are there again' },
  );

  const drains = ['RE3 drain rx0', 'RE3 drain tx0', 'RE3 check grace period'].map(step);
  m.endState('P29 DrainEnds', s => ![cast.intr, ...cast.rst].some(t => s.at(t, ...drains)), {
    because: 'the drain ends when every burst has ended',
  });

  const refusals = ['A1 trylock', 'A2 ACTIVE?'].map(step);
  const refusable = [cast.app, cast.second].filter((t): t is Thread => t !== undefined);
  const met = refusable.map(t =>
    m.observer(
      `${t.name} met a reset`,
      false,
      (o, _taken, s, next) =>
        next.within(t, ...trying) && (o || s.get(w.ST) !== 'ACTIVE' || next.get(w.ST) !== 'ACTIVE'),
    ),
  );
  const metBy = new Map(refusable.map((t, i) => [t.name as string | undefined, met[i]]));
  m.stepInvariant(
    'P35 BusyOnlyInReset',
    (s, _next, taken) => {
      if (taken.label !== 'no' || !taken.is(...refusals) || s.get(w.ST) !== 'ACTIVE') return true;
      const seen = metBy.get(taken.thread?.name);
      return seen !== undefined && s.get(seen.variable);
    },
    { because: 'a call is refused only if the device was in a reset at some moment of the call', observes: met },
  );
  m.stepInvariant(
    'P35w BusyHasReason',
    (s, _next, taken) =>
      !refusals.some(r => taken.is(r)) ||
      taken.label !== 'no' ||
      s.get(w.ST) !== 'ACTIVE' ||
      (s.get(w.OPS.owner) !== null && s.get(w.OPS.owner) !== taken.thread),
    {
      because: 'the wider reading: the state was not ACTIVE, or somebody else held the lock',
    },
  );
}

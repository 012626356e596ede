import { forAll, type State } from '../../../src/spec/index.ts';
import { NULL, type World } from '../state.ts';
import { type Cast, type History, reported, step } from './watch.ts';

/** Properties of the secondary processes: their pages, their descriptors, and what the primary waits for. */
export function processProperties(w: World, cast: Cast, history: History): void {
  const { m, secondaries: sec } = w;
  if (!sec) return;
  const { processes } = sec;

  const hasPage = (s: State) =>
    processes.every(k => s.get(k.stage) !== 'attached' || s.get(k.dbPage) === s.get(w.ibCtx));
  m.stepInvariant(
    'P17s SecondariesHavePage',
    (s, _next, taken) => reported(taken) !== 'RECOVERY_SUCCESS' || hasPage(s),
    { because: 'secondaries map the doorbell page of the new context before RECOVERY_SUCCESS is reported' },
  );
  m.endState(
    'P17t SecondariesWorkAtEnd',
    s => {
      if (s.get(history.view.variable) !== 'UP' || !s.get(w.devStarted) || !s.get(w.attached)) return true;
      return hasPage(s) && processes.every(k => s.get(k.stage) !== 'attached' || s.get(k.fpOps) === 'real');
    },
    { because: 'a port that is up and started passes packets in every process', observes: [history.view] },
  );

  if (w.p.app === 'none' && w.p.removes === 0)
    m.endState(
      'P17h HealthyRecovers',
      s => s.get(history.view.variable) !== 'FAILED' || s.get(w.faults.left) < w.faults.total,
      {
        because: 'a device that is back, and on which nothing failed, recovers whatever other processes there are',
        observes: [history.view],
      },
    );

  const closes = [step('XD2 ibv_close_device'), step('C7 ibv_close_device')];
  m.stepInvariant(
    'P20 UnmappedBeforeClose',
    (s, _next, taken) =>
      !taken.is(...closes) ||
      !cast.inReset(taken) ||
      processes.every(k => !['registered', 'attached'].includes(s.get(k.stage)) || s.get(k.page) !== s.get(w.ibCtx)),
    { because: 'secondaries unmap the doorbell page before the reset closes the context' },
  );

  m.stepInvariant(
    'P1c NoBurstAtSecondaryUnmap',
    (s, _next, taken) =>
      !taken.is(step('SM4 unmap page')) ||
      !processes.some(k => k.ipc.threads[0] === taken.thread && k.main.threads.some(t => cast.isInBurst(s, t))),
    { because: 'no burst of a process may be running when its page is unmapped' },
  );

  const held = (s: State, k: (typeof processes)[number]) => {
    const main = m.threads.find(t => t.name === `SEC${k.number}`);
    return s.get(k.cmdFd) !== NULL || (main && s.at(main, step('SA4 close descriptor'))) ? 1 : 0;
  };
  m.invariant(
    'P21 FdConservation',
    forAll(processes, k => s => {
      const handler = k.ipc.threads[0];
      return (handler && !s.resting(handler)) || s.get(k.fds) === held(s, k);
    }),
    { because: 'a handler closes every descriptor that came with its message' },
  );

  const drains = ['RE3 drain rx0', 'RE3 drain tx0', 'RE3 check grace period'].map(step);
  m.invariant(
    'P23d DrainNotInIpc',
    s => {
      if (!s.at(cast.intr, ...drains) || s.canMove(cast.intr)) return true;
      return !cast.secondaryLcores.some(t => s.at(t, step('BT4 reply MPp')));
    },
    { because: 'the interrupt thread does not wait for a burst that waits for a reply of the primary' },
  );
}

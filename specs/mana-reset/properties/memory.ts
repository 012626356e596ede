import { forAll, type State } from '../../../src/spec/index.ts';
import { NULL, type World } from '../state.ts';
import { type Cast, type History, proc, step } from './watch.ts';

const closes = [step('XD2 ibv_close_device'), step('C7 ibv_close_device'), step('PT-F close context')];

/** Properties of memory: pages, contexts, registrations, allocations. P1 to P5 themselves are obligations of steps. */
export function memoryProperties(w: World, cast: Cast, history: History): void {
  const { m } = w;

  m.stepInvariant(
    'P1b NoBurstAtUnmap',
    (s, _next, taken) => !taken.is(...closes) || !cast.lcore || !cast.isInBurst(s, cast.lcore),
    {
      because: 'the page goes away with the context, so no burst may be running when that is closed',
    },
  );

  const argumentGone = forAll(
    ['remove callback', ...w.contexts],
    what => s => !s.get(w.freed) || (typeof what === 'number' ? s.get(w.source(what)) === 'none' : !s.get(w.removeCb)),
  );
  m.invariant('P3b NoDanglingCallback', argumentGone, {
    because: 'close frees the argument of the callbacks, so none may stay registered',
  });
  m.endState('P3e NoDanglingCallbackAtEnd', argumentGone, { because: 'the same where nothing more happens' });

  m.stepInvariant(
    'P5b CtxIdleAtClose',
    (s, _next, taken) => {
      if (!taken.is(...closes) || taken.thread === cast.intr) return true;
      return !(s.within(cast.intr, proc('mana_intr_handler')) && s.get(w.activeSource) === s.get(w.ibCtx));
    },
    { because: 'the handler goes on asking the context that it read at its beginning for events' },
  );

  const objects = ['intr sources', 'remove callback', 'contexts', 'protection domains'] as const;
  const right = (s: State, what: (typeof objects)[number], expected: 0 | 1): boolean => {
    switch (what) {
      case 'intr sources':
        return w.contexts.filter(c => s.get(w.source(c)) !== 'none').length === expected;
      case 'remove callback':
        return s.get(w.removeCb) === (expected === 1);
      case 'contexts':
        return w.contexts.filter(c => s.get(w.ctx(c)) === 'open').length === expected;
      case 'protection domains':
        return (s.get(w.ibPd) !== NULL) === (expected === 1) && (s.get(w.ibParentPd) !== NULL) === (expected === 1);
    }
  };
  const conserved = forAll(objects, what => s => {
    if (!s.get(w.attached)) return right(s, what, 0);
    return s.get(history.view.variable) !== 'UP' || s.get(w.ST) !== 'ACTIVE' || right(s, what, 1);
  });
  m.endState('P26 Conservation', conserved, {
    because: 'after a successful reset the port owns what it owned before, and nothing once it is closed',
    observes: [history.view],
  });
  m.endState(
    'P26m MrTableConservation',
    s => {
      const tables = s.get(w.mrTables);
      return s.get(w.attached) ? tables <= 1 : tables === 0;
    },
    { because: 'each start allocates a device MR table, which somebody must free' },
  );
  m.endState('P26p PrimaryCountConservation', s => s.get(w.primaryCnt) <= 1, {
    because: 'the port is one primary user of the shared data, however often it is reset',
  });
  m.endState('P26q QsbrFreed', s => s.get(w.attached) || !s.get(w.qsvAllocated), {
    because: 'finding 1: the RCU variable is freed by nobody once the port is closed',
  });
}

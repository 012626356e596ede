import {
  assign,
  atMost,
  attempt,
  type Body,
  call,
  forever,
  type Model,
  procedure,
  receive,
  request,
  type State,
  select,
  step,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { timesOut } from '../deadline.ts';
import { budgetOf } from '../faults.ts';
import { attach, detach, isUnanswered } from '../procedures/attach.ts';
import { rxBurst, type Side, txBurst } from '../procedures/datapath.ts';
import type { Procedures } from '../procedures/index.ts';
import { contextOf, secondaryHandle } from '../procedures/ipc-handlers.ts';
import { primaryHandle } from '../procedures/questions.ts';
import { end, type Message, type Question, type Secondaries, type Secondary } from '../secondaries.ts';
import { ealProc, ethdev, ethdevHeader, mp } from '../source.ts';
import { NULL, type World } from '../state.ts';

/** The IPC thread of the primary, and the threads of each secondary process. */
export function secondaryThreads(m: Model, w: World, pr: Procedures, intr: () => Thread): void {
  const { secondaries: sec } = w;
  if (!sec) return;
  const asking = sec.processes.filter(k => k.program.startsWith('attach') || w.p.mempool === 'new');
  if (asking.length > 0) primaryIpc(m, w, sec, asking);
  for (const k of sec.processes) {
    secondaryIpc(m, w, sec, k);
    mainThread(m, w, sec, k, pr, intr);
    lcore(m, w, k, intr);
  }
  if (w.p.fault === 'crash' || w.p.fault === 'any') crash(m, w, sec);
}

/** MPp: handles the questions of secondaries, those of one process in order. */
const primaryIpc = (m: Model, w: World, sec: Secondaries, asking: readonly Secondary[]) =>
  m.thread('MPp', t => {
    const question = t.local<Question | null>('question', null);
    return [
      forever([
        select(
          ...asking.map(k => [
            receive(k.asks, 'MPp', question, {
              name: `PM0 receive from ${k.name}`,
              cite: ealProc('process_msg', 'find_action_entry_by_name', 396),
            }),
            call(primaryHandle(w, sec, k, question)),
            assign(question, null),
          ]),
        ),
      ]),
    ];
  });

/** MPs: handles the requests of the primary in order; before the driver's action is registered, EAL does. */
const secondaryIpc = (m: Model, w: World, sec: Secondaries, k: Secondary): Thread =>
  m.thread(
    `MPs${k.number}`,
    t => {
      const message = t.local<Message | null>('message', null);
      return [
        forever([
          step(
            'SM0 receive',
            s => {
              const inbox = s.get(sec.mp.inbox(k.name));
              const first = inbox.first();
              if (first === undefined) return false;
              const taken = s.set(sec.mp.inbox(k.name), inbox.shift());
              const stage = s.get(k.stage);
              if (stage === 'starting') return w.sw.answers === 'table' ? taken : sec.mp.reply(taken, k.name, 'ignore');
              if (stage === 'without action') return taken;
              const received = taken.set(message, first);
              return contextOf(w, first) === NULL ? received : received.update(k.fds, n => n + 1);
            },
            { rest: true, cite: ealProc('process_msg', 'find_action_entry_by_name', 396) },
          ),
          whenLocal(s => s.get(message) !== null, [call(secondaryHandle(w, sec, k, message)), assign(message, null)]),
        ]),
      ];
    },
    { process: k.ipc },
  );

/** SEC: the main thread of a secondary. */
function mainThread(m: Model, w: World, sec: Secondaries, k: Secondary, pr: Procedures, intr: () => Thread): void {
  const attached = (t: Thread, then: Body): Body => {
    const done = t.local('attached', false);
    return [call(attach(w, intr, sec, k), { out: done }), whenLocal(s => s.get(done), then)];
  };
  const info = procedure('rte_eth_dev_info_get', () => [
    attempt('AI valid port?', s => s.get(k.stage) === 'attached' && s, [call(pr.infoGetLock)], [], {
      cite: ethdev('rte_eth_dev_info_get', 'RTE_ETH_VALID_PORTID_OR_ERR_RET', 4105),
    }),
  ]);
  const programs: Readonly<Record<typeof k.program, ((t: Thread) => Body) | undefined>> = {
    attached: undefined,
    attach: t => attached(t, []),
    'attach-exit': t => attached(t, [call(detach(w, sec, k))]),
    exit: () => [call(detach(w, sec, k))],
    info: () => [atMost(1, [call(info)])],
    'without-port': undefined,
  };
  const program = programs[k.program];
  if (program) m.thread(`SEC${k.number}`, program, { process: k.main });
}

/** LCs: polls one queue in a secondary, a bounded number of times, from the moment that the process is attached. */
function lcore(m: Model, w: World, k: Secondary, intr: () => Thread): void {
  if (k.lcore === 'none') return;
  const side: Side = {
    page: k.dbPage,
    isMapped: (s, page) => s.get(k.page) === page,
    reports: w.p.qsv === 'shared',
    register: (t, then) => (w.p.mempool === 'known' ? then : registered(w, intr, k, t, then)),
  };
  const burst = k.lcore === 'tx' ? txBurst(w, side) : rxBurst(w, side);
  const polls = (s: State) => w.p.polling !== 'stops everywhere' || s.get(w.polling);
  m.thread(
    `LCs${k.number}`,
    [
      k.program === 'attach' ? step('wait for attach', s => s.get(k.stage) === 'attached' && s, { rest: true }) : [],
      atMost(w.p.bursts, [
        attempt('BT0 fp_ops real?', s => s.get(k.fpOps) === 'real' && polls(s) && s, [call(burst)], [], {
          cite: ethdevHeader(`rte_eth_${k.lcore}_burst`, 'rte_eth_fp_ops', k.lcore === 'rx' ? 6403 : 6741),
        }),
      ]),
    ],
    { process: k.main },
  );
}

/** BT4: a burst that finds no registration of its memory asks the primary for one. */
const registered = (w: World, intr: () => Thread, k: Secondary, t: Thread, then: Body): Body =>
  request(k.asks, 'CREATE_MR', t, {
    name: 'BT4',
    deadline: timesOut(w, intr, t, isUnanswered(w, k), budgetOf(w, 'mr-late')),
    ok: then,
    cite: mp('mana_mp_req_mr_create', 'rte_mp_request_sync', 348),
  });

/** The last secondary may end at any step; its locks, its bits in shared memory and its share of secondary_cnt stay. */
function crash(m: Model, w: World, sec: Secondaries): void {
  const k = sec.processes.at(-1);
  if (!k) return;
  m.action(`crash of ${k.name}`, s => {
    if (s.get(w.faults.left) === 0 || !s.get(sec.mp.present(k.name))) return false;
    const owner = s.get(w.OPS.owner);
    const dead = k.main.kill(end(sec, k, s)).update(w.faults.left, n => n - 1);
    // Whoever locks a robust mutex next is told that its owner died, and makes it consistent.
    return w.sw.robustLock && k.main.threads.some(t => t === owner) ? dead.set(w.OPS.owner, null) : dead;
  });
}

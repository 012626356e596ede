// The names of steps and the types of values that primitives carry: this file need only compile.
import {
  compareExchange,
  condition,
  create,
  fetchOr,
  ipc,
  join,
  load,
  lock,
  Model,
  memory,
  mutex,
  procedure,
  qsbr,
  rcuOnline,
  reply,
  request,
  store,
  type Thread,
  threads,
  trylock,
  unlock,
  waitWhile,
} from '../../src/spec/index.ts';

const m = new Model('types');
const OPS = mutex(m, 'OPS');
const CV = condition(m, 'CV');
const phase = m.variable<'ACTIVE' | 'RESET'>('phase', 'ACTIVE');
const bits = m.variable('bits', 0);
const TID = m.variable<Thread | null>('TID', null);
const workers = threads(
  m,
  m.pool('W', 1, () => []),
);
const qsv = qsbr(m, 'qsv', ['rx', 'tx']);
const mp = ipc<'stop' | 'start', number>(m, 'mp', [1, 2]);

const all = procedure('all', t => [
  lock(OPS, t, { name: 'RT1' }),
  trylock(OPS, t, [unlock(OPS, t, { name: 'A3' })], [], { name: 'A1' }),
  waitWhile(CV, OPS, t, () => true, { name: 'RT9' }),
  create(workers, TID, {
    name: 'RE6',
    failure: m.budget('faults', 1),
    failed: [store(phase, 'RESET', { name: 'RE9' })],
  }),
  join(workers, TID, t, { name: 'RE5' }),
  request(mp, 'stop', t, { name: 'RT3' }),
  unlock(OPS, t),
]);

export const names = [
  all.at('RT1'),
  all.at('A1'),
  all.at('A3'),
  all.at('RT9'),
  all.at('RT9 wait'),
  all.at('RT9 wake'),
  all.at('RT9 relock'),
  all.at('RE6'),
  all.at('RE6?'),
  all.at('RE9'),
  all.at('RE5'),
  all.at('RE5 wait'),
  all.at('RT3 send 1'),
  all.at('RT3 reply 2'),
  // @ts-expect-error there is no step 'RT2'
  all.at('RT2'),
  // @ts-expect-error a wait has no such part
  all.at('RT9 sleep'),
  // @ts-expect-error a default name is not known to the compiler
  all.at('unlock OPS'),
];

export const values = (t: Thread) => [
  // @ts-expect-error 'RESTE' is none of the values
  store(phase, 'RESTE'),
  // @ts-expect-error neither is 'IDLE'
  compareExchange(phase, 'IDLE', 'RESET', []),
  // @ts-expect-error bits are of a number
  fetchOr(phase, 1),
  // @ts-expect-error the local is of another type
  load(phase, bits),
  // @ts-expect-error no reader has this id
  rcuOnline(qsv, 'xr'),
  // @ts-expect-error there is no such message
  request(mp, 'halt', t),
  // @ts-expect-error there is no such reply
  reply(mp, 1, 'no'),
  // @ts-expect-error a condition variable is no lock
  lock(CV, t),
  // @ts-expect-error a handle of a thread is wanted
  join(workers, bits, t),
];

const mem = memory(m, 'mem', { model: 'ra', threads: ['A'] });
const state = mem.atomic<'ACTIVE' | 'RESET'>('state', 'ACTIVE');
const found = m.variable<'ACTIVE' | 'RESET'>('found', 'ACTIVE');

const ordered = procedure('ordered', t => [
  mem.by(t).load(state, found, { name: 'look', order: 'acquire' }),
  mem.by(t).compareExchange(state, 'ACTIVE', 'RESET', [], [], { name: 'take', order: 'acq_rel', failure: 'relaxed' }),
  // @ts-expect-error a load releases nothing
  mem.by(t).load(state, found, { order: 'release' }),
  // @ts-expect-error a store acquires nothing
  mem.by(t).store(state, 'RESET', { order: 'acq_rel' }),
  // @ts-expect-error a compare-exchange that fails does not write
  mem.by(t).compareExchange(state, 'ACTIVE', 'RESET', [], [], { failure: 'release' }),
  // @ts-expect-error a relaxed fence orders nothing
  mem.by(t).fence('relaxed'),
  // @ts-expect-error not one of its values
  mem.by(t).store(state, 'GONE'),
]);

export const orderedNames = [ordered.at('look'), ordered.at('take'), ordered.at('take fails')];
// @ts-expect-error a load does not fail
ordered.at('look fails');

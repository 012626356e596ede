// Mistakes that the compiler finds: this file need only compile. Each `@ts-expect-error` is an error if there is none.
import { List } from 'immutable';
import {
  assign,
  attempt,
  call,
  choose,
  forAll,
  forever,
  Model,
  procedure,
  ret,
  type State,
  step,
  type Thread,
  type Variable,
  when,
} from '../../src/spec/index.ts';

const m = new Model('types');
const lock = m.variable('lock', false);
const phase = m.variable<'ACTIVE' | 'RESET'>('phase', 'ACTIVE');
const ticket = m.variable('ticket', 0);
const owner = m.variable<Thread | null>('owner', null);
const log = m.variable('log', List<string>());
const burst = m.family('burst', ['rx', 'tx'], () => 0);
const ports = m.set('ports', [0, 1]);
const pair = m.interchangeable('pair', [0, 1], i => [ports.has(i)]);
const next = m.variable<number | null>('next', null, { holds: pair });

/** What is right, beside what is wrong. */
export const right = (s: State, t: Thread) => [
  s
    .set(lock, true)
    .set(phase, 'RESET')
    .update(ticket, n => n + 1)
    .set(owner, t)
    .set(owner, null),
  s
    .update(log, l => l.push('x'))
    .set(burst('rx'), 1)
    .set(ports.has(0), true)
    .set(next, 1),
  s.get(ports).has(1) && s.get(forAll(['rx', 'tx'], q => x => x.get(burst(q)) === 0)),
];

export function misspeltVariable(s: State): State {
  // @ts-expect-error there is no variable 'lok'
  return s.set(lok, true);
}

export const wrongValues = (s: State) => [
  // @ts-expect-error a number is no boolean
  s.set(lock, 1),
  // @ts-expect-error 'RESTE' is none of the values
  s.set(phase, 'RESTE'),
  // @ts-expect-error null is no number
  s.set(ticket, null),
  // @ts-expect-error a name is no thread
  s.set(owner, 'RST'),
  // @ts-expect-error a list of strings takes no numbers
  s.set(log, List([1])),
  // @ts-expect-error the change gives a string
  s.update(ticket, n => `${n}`),
  // @ts-expect-error a family must be called with a key
  s.set(burst, 1),
  // @ts-expect-error the comparison can never be true
  s.get(phase) === 'IDLE',
];

export const wrongKeys = (s: State) => [
  // @ts-expect-error there is no queue 'rxx'
  s.get(burst('rxx')),
  // @ts-expect-error there is no port 2
  s.get(ports.has(2)),
];

export const wrongSteps = [
  // @ts-expect-error a forgotten return
  step('forgotten', s => {
    s.set(lock, true);
  }),
  // @ts-expect-error true is not a state
  step('true', () => true),
  // @ts-expect-error a patch is not a state
  step('patch', () => ({ lock: true })),
  // @ts-expect-error a condition answers true or false
  when('condition', s => s.get(ticket), []),
  // @ts-expect-error an alternative is a state
  step('choice', s => choose({ yes: s.get(lock) })),
  // @ts-expect-error the expression gives a string
  assign(ticket, () => 'one'),
  // @ts-expect-error blocks come in a list
  forever(step('alone', s => s)),
  attempt(
    'try',
    s => s,
    // @ts-expect-error a block is not a body
    step('then', s => s),
  ),
];

const exit = procedure('mana_reset_exit', { force: false, ticket: 0 }, (t, params) => [
  step('XE1', s => s.set(lock, s.get(params.force))),
  [when('XE2', s => s.get(lock), [step('XE3', s => s)], [forever([step('XE4', s => s)])])],
  attempt('CAS', s => s.get(lock) && s, [step('XE5', s => s)]),
  ret(s => s.get(params.ticket) + t.number),
]);

export const wrongProcedures = [
  exit.at('XE1'),
  exit.at('XE2'),
  exit.at('XE3'),
  exit.at('XE4'),
  exit.at('CAS'),
  exit.at('XE5'),
  // @ts-expect-error there is no step 'XE9'
  exit.at('XE9'),
  // @ts-expect-error there is no step 'xe1'
  exit.at('xe1'),
  call(exit, { in: { force: true, ticket: s => s.get(ticket) } }),
  // @ts-expect-error there is no parameter 'forced'
  call(exit, { in: { forced: true } }),
  // @ts-expect-error 'force' is true or false
  call(exit, { in: { force: 1 } }),
  // @ts-expect-error 'ticket' is a number
  call(exit, { in: { ticket: s => s.get(lock) } }),
];

export const wrongDeclarations = [
  // @ts-expect-error the initial value is none of the values
  m.variable<'a' | 'b'>('v', 'c'),
  // @ts-expect-error the domain is of another type
  m.variable('w', 0, { domain: ['one'] }),
  // @ts-expect-error a text is made a number
  m.variable('h', 'none', { holds: text => text.length }),
  // @ts-expect-error 7 is no index of the type
  m.variable('i', 0, { holds: (n, rename) => rename(pair, n === 7 ? 7 : 1) }),
  // @ts-expect-error a family has no place among belongings, its variables have
  m.interchangeable('family', ['rx', 'tx'], () => [burst]),
  // @ts-expect-error a predicate answers true or false
  m.invariant('P', s => s.get(ticket)),
  // @ts-expect-error an observer keeps its type
  m.observer('o', 0, () => 'one'),
];

/** A variable of a wider type does not pass for one of a narrower. */
export const narrow: readonly Variable<string>[] = [
  // @ts-expect-error its values are numbers
  ticket,
];

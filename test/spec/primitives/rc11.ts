// The outcomes of a litmus test by the axioms of RC11: every execution graph is made and judged. Nothing here is shared
// with the operational model.
//
// Source: Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing sequential consistency in C/C++11", 2017, without seq_cst
// accesses, and with the release sequences of C++20: the head and the read-modify-writes that follow it.
import { finds, formatOutcome, locationsOf, type Operation, type Outcome, type Program, race } from './litmus.ts';

interface Event {
  readonly operation: Operation;
  /** -1 for the writes that make the initial values. */
  readonly thread: number;
}

/** A relation on events by their numbers. */
type Relation = readonly (readonly boolean[])[];

type Pair = (a: number, b: number) => boolean;

const relation = (n: number, holds: Pair): Relation =>
  Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => holds(a, b)));
const union = (...parts: readonly Relation[]): Relation =>
  relation(parts[0]?.length ?? 0, (a, b) => parts.some(p => p[a]?.[b]));
const compose = (p: Relation, q: Relation): Relation =>
  relation(p.length, (a, b) => p.some((_, c) => p[a]?.[c] && q[c]?.[b]));
const optional = (p: Relation): Relation => relation(p.length, (a, b) => a === b || p[a]?.[b] === true);
const irreflexive = (p: Relation): boolean => p.every((row, a) => !row[a]);
function closure(p: Relation): Relation {
  const next = union(p, compose(p, p));
  return next.every((row, a) => row.every((value, b) => value === p[a]?.[b])) ? p : closure(next);
}
const permutations = (items: readonly number[]): readonly (readonly number[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap(first => permutations(items.filter(x => x !== first)).map(rest => [first, ...rest]));
const product = <T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] =>
  choices.reduce<readonly (readonly T[])[]>(
    (lines, values) => lines.flatMap(line => values.map(value => [...line, value])),
    [[]],
  );

/** The outcomes of the consistent executions, sorted; only `race` where one of them has a data race. */
export function outcomesByAxioms(program: Program): readonly Outcome[] {
  const locations = locationsOf(program);
  const initial = locations.map((at): Event => ({ operation: { kind: 'write', at, value: 0 }, thread: -1 }));
  const events = [
    ...initial,
    ...program.flatMap((operations, thread) => operations.map((operation): Event => ({ operation, thread }))),
  ];
  const n = events.length;
  const of = (a: number) => (events[a] as Event).operation;
  const at = (a: number) => {
    const operation = of(a);
    return 'at' in operation ? operation.at : undefined;
  };
  const isWrite = (a: number) => 'value' in of(a);
  const isRead = (a: number) => finds(of(a));
  const numbers = events.map((_, a) => a);
  const sb = relation(n, (a, b) => {
    const [first, second] = [events[a] as Event, events[b] as Event];
    return first.thread < 0 ? second.thread >= 0 : first.thread === second.thread && a < b;
  });
  const orders = locations.map((location, i) =>
    permutations(numbers.filter(a => a >= initial.length && isWrite(a) && at(a) === location)).map(rest => [
      i,
      ...rest,
    ]),
  );
  const reads = numbers.filter(isRead);
  const sources = reads.map(a => numbers.filter(b => isWrite(b) && b !== a && at(b) === at(a)));
  const outcomes = new Set<Outcome>();
  for (const mos of product(orders)) {
    const mo = relation(n, (a, b) => mos.some(order => order.includes(a) && order.indexOf(a) < order.indexOf(b)));
    for (const chosen of product(sources)) {
      const rf = relation(n, (a, b) => isRead(b) && chosen[reads.indexOf(b)] === a);
      const verdict = judge(events, sb, rf, mo);
      if (verdict === 'race') return [race];
      if (verdict === 'inconsistent') continue;
      const value = (a: number) => (of(a) as { readonly value: number }).value;
      outcomes.add(
        formatOutcome(
          chosen.map(value),
          new Map(locations.map((location, i) => [location, value(mos[i]?.at(-1) as number)])),
        ),
      );
    }
  }
  return [...outcomes].sort();
}

function judge(events: readonly Event[], sb: Relation, rf: Relation, mo: Relation) {
  const n = events.length;
  const of = (a: number) => (events[a] as Event).operation;
  const order = (a: number) => {
    const operation = of(a);
    return 'order' in operation ? operation.order : 'plain';
  };
  const isWrite = (a: number) => 'value' in of(a);
  const isFence = (a: number) => of(a).kind === 'fence';
  const isAtomic = (a: number) => !isFence(a) && order(a) !== 'plain';
  const among = (test: (a: number) => boolean): Relation => relation(n, (a, b) => a === b && test(a));
  const path = (...parts: readonly Relation[]): Relation => parts.reduce(compose);

  const fr = relation(n, (a, b) => a !== b && rf.some((row, w) => row[a] && mo[w]?.[b]));
  const eco = closure(union(rf, mo, fr));
  const rmw = among(a => of(a).kind === 'exchange');
  const sequences = optional(closure(compose(rf, rmw)));
  const releases = among(a => ['release', 'acq_rel', 'seq_cst'].includes(order(a)) && (isWrite(a) || isFence(a)));
  const acquires = among(a => ['acquire', 'acq_rel', 'seq_cst'].includes(order(a)) && (finds(of(a)) || isFence(a)));
  const sw = path(
    releases,
    optional(compose(among(isFence), sb)),
    among(a => isAtomic(a) && isWrite(a)),
    sequences,
    rf,
    among(a => isAtomic(a) && finds(of(a))),
    optional(compose(sb, among(isFence))),
    acquires,
  );
  const hb = closure(union(sb, sw));
  const atomic = events.every((_, a) => of(a).kind !== 'exchange' || !compose(fr, mo)[a]?.[a]);
  const fences = among(a => order(a) === 'seq_cst');
  const psc = path(fences, union(hb, path(hb, eco, hb)), fences);
  const consistent =
    // A read-modify-write is one event here: it reads nothing that comes after it.
    irreflexive(eco) &&
    irreflexive(compose(hb, optional(eco))) &&
    atomic &&
    irreflexive(closure(psc)) &&
    irreflexive(closure(union(sb, rf)));
  if (!consistent) return 'inconsistent';
  const conflict: Pair = (a, b) => {
    const [x, y] = [of(a), of(b)];
    const same = 'at' in x && 'at' in y && x.at === y.at && order(a) === 'plain';
    return same && (isWrite(a) || isWrite(b)) && a !== b && !hb[a]?.[b] && !hb[b]?.[a];
  };
  return events.some((_, a) => events.some((_, b) => conflict(a, b))) ? 'race' : 'consistent';
}

import { SpecError } from './errors.ts';
import type { WorkingState } from './run.ts';
import type { Site } from './site.ts';
import type { State } from './state.ts';
import type { Thread } from './thread.ts';
import type { Variable } from './variable.ts';

/** More local nodes between two steps than this are taken for a loop without a step. */
const LOCAL_NODES = 10_000;

/**
 * A place in the control flow of a thread: a program point, or, between two points, a condition or assignment over
 * the thread's own locals, which runs as part of the step before it.
 */
export type Node =
  | { readonly kind: 'point'; readonly index: number }
  | {
      readonly kind: 'branch';
      readonly test: (s: State) => boolean;
      readonly yes: Node;
      readonly no: Node;
      readonly site: Site;
    }
  | { readonly kind: 'assign'; readonly apply: (s: State) => State; readonly next: Node; readonly site: Site }
  | { readonly kind: 'link'; target: Node | undefined };

/** Where a link leads. */
export function target(link: Extract<Node, { kind: 'link' }>): Node {
  if (!link.target) throw new Error('a loop was followed before it was lowered');
  return link.target;
}

/**
 * Runs the local nodes from `start` to the next point. Only locals of the thread may be read on the way.
 *
 * @returns the state there, and the number of the point
 * @throws SpecError "loops over locals without ever reaching a step"
 */
export function followNodes(
  from: WorkingState,
  start: Node,
  locals: ReadonlySet<number>,
  thread: Thread,
): readonly [WorkingState, number] {
  const { run } = from;
  run.onlySlots = locals;
  try {
    const [s, node] = follow(from, start);
    if (node.kind === 'point') return [s as WorkingState, node.index];
  } finally {
    run.onlySlots = undefined;
  }
  throw new SpecError({
    what: `thread '${thread.name}' loops over locals without ever reaching a step`,
    where: thread.site,
    hint: 'every round of a loop needs a step',
  });
}

/**
 * The point at which a thread begins: local conditions before its first step are decided by initial values.
 *
 * @throws SpecError "before its first step", "has a loop without a step"
 */
export function firstPoint(start: Node, thread: Thread): number {
  const values = new Map<Variable<unknown>, unknown>();
  const initial = {
    get: (v: Variable<unknown>) => values.get(v) ?? v.initial,
    set(v: Variable<unknown>, x: unknown) {
      values.set(v, x);
      return this;
    },
  } as unknown as State;
  const [, node] = follow(initial, start);
  const moved = [...values].find(([variable, value]) => variable.initial !== value);
  if (moved) {
    throw new SpecError({
      what: `thread '${thread.name}' gives '${moved[0].name}' a value before its first step`,
      where: thread.site,
      hint: 'give the local that value as its initial one, or put a step first',
    });
  }
  if (node.kind === 'point') return node.index;
  throw new SpecError({
    what: `thread '${thread.name}' has a loop without a step`,
    where: thread.site,
    hint: 'every round of a loop needs a step',
  });
}

function follow(from: State, start: Node): readonly [State, Node] {
  let s = from;
  let node = start;
  for (let n = 0; n < LOCAL_NODES && node.kind !== 'point'; n++) {
    if (node.kind === 'branch') node = node.test(s) ? node.yes : node.no;
    else if (node.kind === 'link') node = target(node);
    else {
      s = node.apply(s);
      node = node.next;
    }
  }
  return [s, node];
}

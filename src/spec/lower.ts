import { alternativesOf } from './action.ts';
import { branchesOf, nameSteps } from './block-names.ts';
import type { Block, Body, Expression, Procedure, StepOptions } from './blocks.ts';
import { SpecError } from './errors.ts';
import { firstPoint, followNodes, type Node, target } from './nodes.ts';
import type { WorkingState } from './run.ts';
import { Site } from './site.ts';
import type { State } from './state.ts';
import { type Action, duringStep, type StepInfo } from './step.ts';
import { DONE, KILLED, type Outcome, type Point, type Program, type Thread } from './thread.ts';
import { canonical, keyOf } from './values.ts';
import type { Variable, VariableOptions } from './variable.ts';

/** One expansion of a procedure (or of the thread's own body). */
interface Scope {
  readonly procedure: string;
  readonly path: readonly string[];
  readonly names: ReadonlyMap<Block, string>;
  readonly out: Variable<unknown> | undefined;
  /** Where `ret` goes: past the reset of this scope's locals. */
  readonly exit: Node;
  readonly leave: Node | undefined;
}

/** What a thread does; called once, when the model is complete. */
export type ThreadBody = (t: Thread) => Body;

/** Declares a variable in the model. */
export type Declare = <T>(name: string, initial: T, options: VariableOptions<T>) => Variable<T>;

/**
 * Lowers one thread: its blocks become a table of program points, a point being one atomic step.
 *
 * @param declare makes the program counter and the locals, in a fixed order
 */
export function lower(thread: Thread, body: ThreadBody, declare: Declare): Program {
  return new Lowering(thread, body, declare).run();
}

class Lowering {
  readonly #thread: Thread;
  readonly #body: ThreadBody;
  readonly #declare: Declare;
  readonly #points: {
    infos: readonly StepInfo[];
    run: (s: WorkingState) => readonly Outcome[];
    targets: readonly Node[];
  }[] = [];
  readonly #locals = new Map<string, Map<string, Variable<unknown>>>();
  readonly #slots = new Set<number>();
  readonly #active: Procedure[] = [];
  #pc!: Variable<number>;

  constructor(thread: Thread, body: ThreadBody, declare: Declare) {
    this.#thread = thread;
    this.#body = body;
    this.#declare = declare;
  }

  run(): Program {
    const thread = this.#thread;
    for (const end of [DONE, KILLED]) this.#points[end] = { infos: [], run: () => [], targets: [] };
    const done: Node = { kind: 'point', index: DONE };
    const start = this.#expand(thread.name, [], undefined, done, () => this.#body(thread));
    const entry = firstPoint(start, thread);
    const points = this.#points.map((point, index): Point => ({ index, infos: point.infos, run: point.run }));
    this.#pc = this.#declare(`pc[${thread.name}]`, thread.started ? entry : DONE, { domain: this.#reachable(entry) });
    const locals = [...this.#locals.values()].flatMap(scope => [...scope.values()]);
    return { pc: this.#pc, points, entry, locals };
  }

  /** The values that the program counter can have: what the control flow reaches, and the ends that others bring about. */
  #reachable(entry: number): readonly number[] {
    const reached = new Set([...(this.#thread.started ? [] : [DONE]), ...(this.#thread.process ? [DONE, KILLED] : [])]);
    const followed = new Set<Node>();
    const follow = (node: Node) => {
      if (followed.has(node)) return;
      followed.add(node);
      if (node.kind === 'branch') [node.yes, node.no].forEach(follow);
      else if (node.kind === 'assign') follow(node.next);
      else if (node.kind === 'link') follow(target(node));
      else if (!reached.has(node.index) || node.index === DONE) {
        reached.add(node.index);
        this.#points[node.index]?.targets.forEach(follow);
      }
    };
    follow({ kind: 'point', index: entry });
    return [...reached].sort((a, b) => a - b);
  }

  /** Expands a body in a scope of its own: declares its locals, lowers its blocks, resets the locals at its end. */
  #expand(
    name: string,
    path: readonly string[],
    out: Variable<unknown> | undefined,
    next: Node,
    body: () => Body,
  ): Node {
    const thread = this.#thread;
    const outer = thread.declareLocal;
    // The thread's own body is no procedure, even if there is one of the same name.
    const prefix = path.length === 0 ? thread.name : `${thread.name}.${name}`;
    const locals = this.#locals.get(prefix) ?? new Map<string, Variable<unknown>>();
    this.#locals.set(prefix, locals);
    thread.declareLocal = (local, initial, options) => this.#local(locals, prefix, local, initial, options);
    try {
      const exit: Node = {
        kind: 'assign',
        next,
        site: thread.site,
        apply: s => [...locals.values()].reduce((x, local) => x.set(local, local.initial), s),
      };
      const blocks = body();
      const scope: Scope = {
        procedure: name,
        path: [...path, name],
        names: nameSteps(name, blocks),
        out,
        exit,
        leave: undefined,
      };
      return this.#sequence(blocks, exit, scope);
    } finally {
      thread.declareLocal = outer;
    }
  }

  #local<T>(
    locals: Map<string, Variable<unknown>>,
    prefix: string,
    name: string,
    initial: T,
    options: VariableOptions<T>,
  ): Variable<T> {
    const known = locals.get(name);
    if (known && keyOf(canonical(initial)) === keyOf(known.initial)) return known as Variable<T>;
    if (known)
      throw new SpecError({
        what: `local '${prefix}.${name}' is declared with two initial values`,
        where: Site.here(),
        hint: 'procedures of one name share their locals; give the procedures different names',
      });
    const variable = this.#declare(`${prefix}.${name}`, initial, options);
    locals.set(name, variable as Variable<unknown>);
    this.#slots.add(variable.slot);
    return variable;
  }

  #sequence(body: Body, next: Node, scope: Scope): Node {
    return body.reduceRight<Node>((after, item) => {
      // `ret` is a function, so "is it a list" must be asked, not "is it an object".
      return Array.isArray(item)
        ? this.#sequence(item as Body, after, scope)
        : this.#block(item as Block, after, scope);
    }, next);
  }

  #block(block: Block, next: Node, scope: Scope): Node {
    switch (block.kind) {
      case 'step':
        return this.#atomic(block, scope, [next], info => this.#stepping(info, block.action, next));
      case 'attempt': {
        const yes = this.#sequence(block.then, next, scope);
        const no = this.#sequence(block.otherwise, next, scope);
        return this.#atomic(block, scope, [yes, no], info => {
          const done = this.#stepping(info, block.action, yes);
          return s => {
            const outcomes = done(s);
            return outcomes.length > 0
              ? outcomes.map(o => ({ ...o, label: o.label ?? 'yes' }))
              : [this.#go(info, s, no, 'no')];
          };
        });
      }
      case 'when': {
        const yes = this.#sequence(block.then, next, scope);
        const no = this.#sequence(block.otherwise, next, scope);
        return this.#condition(block, scope, yes, no);
      }
      case 'loop': {
        const head: Node = { kind: 'link', target: undefined };
        const body = this.#sequence(block.body, head, { ...scope, leave: next });
        head.target = this.#condition(block, scope, body, next);
        return head.target;
      }
      case 'whenLocal':
        return {
          kind: 'branch',
          test: block.test,
          yes: this.#sequence(block.then, next, scope),
          no: this.#sequence(block.otherwise, next, scope),
          site: block.site,
        };
      case 'loopLocal': {
        const head: Node = { kind: 'link', target: undefined };
        const body = this.#sequence(block.body, head, { ...scope, leave: next });
        head.target = { kind: 'branch', test: block.test, yes: body, no: next, site: block.site };
        return head.target;
      }
      case 'forever': {
        const head: Node = { kind: 'link', target: undefined };
        head.target = this.#sequence(block.body, head, { ...scope, leave: next });
        return head;
      }
      case 'either': {
        const branches = block.branches.map(([label, body]) => [label, this.#sequence(body, next, scope)] as const);
        return this.#atomic(
          block,
          scope,
          branches.map(([, node]) => node),
          info => s => branches.map(([label, node]) => this.#go(info, s, node, label)),
        );
      }
      case 'select':
        return this.#select(block, next, scope);
      case 'atMost':
        return this.#atMost(block, next, scope);
      case 'fault': {
        const otherwise = this.#sequence(block.otherwise, next, scope);
        if (block.budget.total === 0) return otherwise;
        const faulty = this.#sequence(block.faulty, next, scope);
        const { left } = block.budget;
        return this.#atomic(block, scope, [otherwise, faulty], info => s => {
          const ok = this.#go(info, s, otherwise, 'no fault');
          const n = s.get(left);
          return n === 0 ? [ok] : [ok, this.#go(info, s.set(left, n - 1), faulty, `fault: ${block.name}`)];
        });
      }
      case 'call':
        return this.#call(block, next, scope);
      case 'assign':
        this.#requireLocal(block.variable, block.site);
        return { kind: 'assign', apply: s => s.set(block.variable, evaluate(block.value, s)), next, site: block.site };
      case 'leave':
        if (!scope.leave)
          throw new SpecError({
            what: 'leave stands outside a loop',
            where: this.#thread.site,
            hint: 'use ret to return from a procedure',
          });
        return scope.leave;
      case 'return': {
        const { out } = scope;
        if (block.value === undefined || !out) return scope.exit;
        return { kind: 'assign', apply: s => s.set(out, evaluate(block.value, s)), next: scope.exit, site: block.site };
      }
    }
  }

  #condition(block: Extract<Block, { kind: 'when' | 'loop' }>, scope: Scope, yes: Node, no: Node): Node {
    return this.#atomic(block, scope, [yes, no], info => s => [
      block.test(s) ? this.#go(info, s, yes, 'yes') : this.#go(info, s, no, 'no'),
    ]);
  }

  #select(block: Extract<Block, { kind: 'select' }>, next: Node, scope: Scope): Node {
    const heads = block.branches.map(body => {
      const head = this.#sequence(body, next, scope);
      const point = head.kind === 'point' && head !== next ? this.#points[head.index] : undefined;
      if (!point)
        throw new SpecError({
          what: 'a branch of select does not begin with a step',
          where: block.site,
          hint: 'the first block of each branch must be a step, attempt, when, loop or either',
        });
      return point;
    });
    return this.#point(
      heads.flatMap(h => h.infos),
      heads.flatMap(h => h.targets),
      s => heads.flatMap(h => h.run(s)),
    );
  }

  #atMost(block: Extract<Block, { kind: 'atMost' }>, next: Node, scope: Scope): Node {
    const rounds = this.#thread.local(`rounds of ${scope.names.get(block)}`, 0);
    const enough: Node = { kind: 'assign', apply: s => s.set(rounds, 0), next, site: block.site };
    const head: Node = { kind: 'link', target: undefined };
    const body = this.#sequence(block.body, head, { ...scope, leave: enough });
    const choose = this.#atomic(block, scope, [body, enough], info => s => [
      this.#go(info, s.set(rounds, s.get(rounds) + 1), body, 'again'),
      this.#go(info, s, enough, 'enough'),
    ]);
    head.target = { kind: 'branch', test: s => s.get(rounds) < block.times, yes: choose, no: enough, site: block.site };
    return head;
  }

  #call(block: Extract<Block, { kind: 'call' }>, next: Node, scope: Scope): Node {
    const { procedure, args } = block;
    if (this.#active.some(active => active.name === procedure.name)) {
      throw new SpecError({
        what: `procedure '${procedure.name}' calls itself (${[...scope.path, procedure.name].join(' > ')})`,
        where: block.site,
        hint: 'procedures are expanded in place; write the recursion as a loop',
      });
    }
    if (block.out) this.#requireLocal(block.out, block.site);
    this.#active.push(procedure);
    const params = new Map<string, Variable<unknown>>();
    const body = this.#expand(procedure.name, scope.path, block.out, next, () => {
      for (const [name, initial] of Object.entries(procedure.params))
        params.set(name, this.#thread.local(name, initial));
      return procedure.body(this.#thread, Object.fromEntries(params) as never);
    });
    this.#active.pop();
    const given = Object.entries(args);
    if (given.length === 0) return body;
    return {
      kind: 'assign',
      next: body,
      site: block.site,
      // All arguments are evaluated before the first is assigned, as in C.
      apply: s =>
        given
          .map(([name, value]) => [params.get(name), evaluate(value, s)] as const)
          .reduce((x, [variable, value]) => (variable ? x.set(variable, value) : x), s),
    };
  }

  #requireLocal(variable: Variable<unknown>, site: Site): void {
    if (this.#slots.has(variable.slot)) return;
    throw new SpecError({
      what: `'${variable.name}' is not a local of thread '${this.#thread.name}'`,
      where: site,
      hint: 'a value can be returned or assigned between steps to a local only; write a shared variable in a step',
    });
  }

  #stepping(info: StepInfo, action: Action, next: Node): (s: WorkingState) => readonly Outcome[] {
    return s => alternativesOf(info, action, s).map(([label, state]) => this.#go(info, state, next, label));
  }

  /** The outcome of a step: its state, with the local nodes after it run and the program counter set. */
  #go(info: StepInfo, from: State, node: Node, label: string | undefined): Outcome {
    const accepted = (from as WorkingState).run.accept(from);
    // A step may fail, or kill the process of its own thread: then it leads no further.
    if (accepted.failure || accepted.get(this.#pc) === KILLED) return { state: accepted, info, label };
    const [state, point] = followNodes(accepted, node, this.#slots, this.#thread);
    return { state: state.run.accept(state.set(this.#pc, point)), info, label };
  }

  #atomic(
    block: Block & { readonly name: string; readonly options: StepOptions },
    scope: Scope,
    targets: readonly Node[],
    make: (info: StepInfo) => (s: WorkingState) => readonly Outcome[],
  ): Node {
    const { cite } = block.options;
    const info: StepInfo = {
      name: scope.names.get(block) ?? block.name,
      thread: this.#thread,
      procedure: scope.procedure,
      path: scope.path,
      cite: cite === undefined ? [] : 'file' in cite ? [cite] : cite,
      rest: block.options.rest ?? false,
      branches: branchesOf(block),
      waitsFor: block.options.waitsFor,
      site: block.site,
    };
    const run = make(info);
    return this.#point([info], targets, s => duringStep(info, () => run(s)));
  }

  #point(infos: readonly StepInfo[], targets: readonly Node[], run: (s: WorkingState) => readonly Outcome[]): Node {
    this.#points.push({ infos, targets, run });
    return { kind: 'point', index: this.#points.length - 1 };
  }
}

const evaluate = (expression: Expression<unknown>, s: State): unknown =>
  typeof expression === 'function' ? (expression as (s: State) => unknown)(s) : expression;

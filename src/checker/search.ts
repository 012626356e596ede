import {
  type Model,
  type Property,
  SpecError,
  type State,
  type Step,
  type StepInfo,
  type Thread,
  type Variable,
} from '../spec/index.ts';
import { Layout, translate } from './layout.ts';
import { type Learned, Learner, type StepCheck } from './learner.ts';
import type { CheckOptions, PathStep, Progress } from './result.ts';
import { Store, StoreFull } from './store.ts';
import { Tree } from './tree.ts';
import { Contradiction, LEAF_HEADER, type Leaf, type Residual, Tries, type Writes } from './tries.ts';
import { bitsFor } from './values.ts';

/** Successors that are inserted into the store at a time. */
const BATCH = 1 << 12;
/** States expanded between two looks at limits, and at most between two turns for the rest of the program. */
const CHUNK = 1 << 13;
/** So many leaves are learned by two runs that must agree; of those after them every sixteenth. */
const ALWAYS_TWICE = 1 << 12;
/** In place of a trie: the check's answer depends on the step alone. */
const NEVER_LOOKS = -1;
/** From this many states on a layout has room for values that come late. */
const ROOMY = 1 << 11;

/** The first violation of a property: in which state, and by which step out of it if a step is at fault. */
export interface Violation {
  /** The number of the state, in the order of discovery. */
  readonly ordinal: number;
  readonly step: PathStep | undefined;
  readonly detail: string;
  readonly threads: readonly string[];
}

/** A predicate over states: an invariant, or what is asked of final states. */
export interface Question {
  readonly property: Property;
  readonly holds: (s: State) => boolean;
  /** The detail of a violation. */
  readonly detail: string;
  readonly threads: readonly string[];
}

interface Watch extends Question {
  /** Where its trie begins. */
  readonly root: number;
}

/** A race property, and the variables that it watches. */
export interface Race {
  readonly property: Property;
  readonly variables: readonly Variable<unknown>[];
}

/** What to search: predicates by where they apply. */
export interface Plan {
  readonly checks: readonly StepCheck[];
  readonly states: readonly Question[];
  readonly finals: readonly Question[];
  readonly races: readonly Race[];
  readonly plain: readonly Variable<unknown>[];
}

/** An error of user code, with the path to the state in which it ran. */
export class StepError extends SpecError {
  readonly path: readonly PathStep[];

  constructor(error: SpecError, path: readonly PathStep[]) {
    super({ what: error.what, where: error.where, hint: error.hint });
    this.path = path;
  }
}

/**
 * Breadth-first search over packed states (long because the inner loop and everything that may interrupt it, learning and
 * re-layouts, share the level and the batch).
 *
 * States are numbered as they are discovered. A violation is noticed when its leaf is learned: every state is
 * expanded in that order, so the state at hand is the first that shows it, and the path to it a shortest one, least
 * by declaration order. Known leaves can then be passed without a look.
 */
export class Search {
  readonly model: Model;
  readonly learner: Learner;
  readonly tries: Tries;
  readonly violations = new Map<string, Violation>();
  /** Steps taken and branches entered, as "step" and "step\0branch". */
  readonly taken = new Map<StepInfo, Set<string | undefined>>();
  store: Store;
  readonly tree = new Tree();
  layout: Layout;
  states = 0;
  transitions = 0;
  terminal = 0;
  final = 0;
  cut = 0;
  depth = 0;
  peakBytes = 0;
  /** Why the search ended early. */
  stopped: string | undefined;
  readonly #options: CheckOptions;
  readonly #plan: Plan;
  readonly #agentRoots: Int32Array;
  readonly #watches: Watch[];
  readonly #finalWatches: Watch[];
  #active: Watch[];
  #plainReads = new Int32Array(1 << 10);
  #plainWrites = new Int32Array(1 << 10);
  /** Per leaf of an agent: the quantified forms read on the way to it, where variables are watched for races. */
  readonly #formsRead = new Map<number, readonly number[]>();
  #races: readonly Race[];
  /** The bits of the variables that races not yet found are about. */
  #racedOn = 0;
  // The level that is being expanded, the next one, and the batch of successors between them.
  #level = new Int32Array(0);
  #levelCount = 0;
  #next = new Int32Array(1 << 10);
  #nextCount = 0;
  #batch: Int32Array;
  #parents = new Int32Array(2 * BATCH);
  #ordinals = new Int32Array(2 * BATCH);
  #hashes = new Int32Array(2 * BATCH);
  #fresh = new Int32Array(2 * BATCH);
  #batched = 0;
  /** The states before and after a step, for the checks of steps. */
  #pair = new Int32Array(0);
  /** For each step of the model, where the trie of each check begins; 0: not yet asked. */
  readonly #checkRoots = new Map<Step, Int32Array>();
  /** The number of the first state of the level. */
  #base = 0;
  #expanded = 0;
  readonly #started = performance.now();

  constructor(model: Model, plan: Plan, options: CheckOptions, observed: ReadonlySet<number>) {
    this.model = model;
    this.#plan = plan;
    this.#options = options;
    this.learner = new Learner(model, plan.checks, plan.plain);
    // Observers that no selected property reads have no bits: they stay at their initial value.
    this.#unobserved = new Set(model.observers.map(o => o.variable.slot).filter(slot => !observed.has(slot)));
    this.layout = new Layout(
      this.learner.tables.map(t => (this.#unobserved.has(t.variable.slot) ? 0 : bitsFor(t.values.length))),
    );
    this.tries = new Tries(this.layout, (form, states, base) => this.learner.sum(form, states, base));
    this.learner.attach(this.tries);
    this.#agentRoots = Int32Array.from(model.agents, () => this.tries.newRoot());
    this.#watches = plan.states.map(w => ({ ...w, root: this.tries.newRoot() }));
    this.#finalWatches = plan.finals.map(w => ({ ...w, root: this.tries.newRoot() }));
    this.#active = this.#watches;
    this.#races = plan.races;
    this.#racedOn = this.#bitsOf(plan.races);
    this.store = new Store(this.layout.words);
    this.#batch = new Int32Array(2 * BATCH * this.layout.words);
  }

  readonly #unobserved: ReadonlySet<number>;
  #roomy = false;

  /** Explores until nothing is left, a limit is reached, or the first violation if that is all that is asked. */
  async run(): Promise<void> {
    this.#batch[0] = 1;
    this.#batched = 1;
    this.#insertInitial();
    try {
      while (this.#nextCount > 0 && !this.stopped) {
        this.#nextLevel();
        await this.#expandLevel();
      }
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      this.stopped = 'the table of states is as large as it can be';
    }
    this.#notePeak();
  }

  get bytes(): number {
    return this.store.bytes + this.tree.bytes + this.#level.byteLength + this.#next.byteLength + this.#batch.byteLength;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  progress(): Progress {
    return {
      states: this.states,
      transitions: this.transitions,
      depth: this.depth,
      queue: this.states - this.#base - this.#expanded,
      bytes: this.bytes + this.tries.bytes,
      seconds: this.seconds,
    };
  }

  #insertInitial(): void {
    this.store.insert(this.#batch, 1, this.#hashes, this.#fresh);
    this.#append(0);
    this.states = 1;
    this.#batched = 0;
  }

  #nextLevel(): void {
    if (this.#expanded > 0) this.depth++;
    if (!this.#roomy && this.states >= ROOMY) {
      this.#roomy = true;
      this.#relayout();
    }
    this.#base += this.#levelCount;
    [this.#level, this.#next] = [this.#next, this.#level];
    this.#levelCount = this.#nextCount;
    this.#nextCount = 0;
    this.#expanded = 0;
  }

  async #expandLevel(): Promise<void> {
    let yielded = performance.now();
    if (this.depth < 50 || this.depth % 64 === 0) this.#checkPurity((this.depth * 7919) % this.#levelCount);
    while (this.#expanded < this.#levelCount && !this.stopped) {
      const end = Math.min(this.#expanded + CHUNK, this.#levelCount);
      while (this.#expanded < end && !this.stopped) {
        this.#expanded = this.#expand(this.#expanded, end);
        if (this.#batched >= BATCH) this.#flush();
      }
      const now = performance.now();
      if (now - yielded > 80) {
        yielded = now;
        this.#options.onProgress?.(this.progress());
        // Gives signal handlers and timers their turn.
        await new Promise<void>(resolve => setImmediate(resolve));
      }
      this.#applyLimits();
    }
    this.#flush();
    this.#applyLimits();
  }

  #applyLimits(): void {
    const { maxStates, maxMemory, time, interrupted, first } = this.#options;
    const bytes = this.bytes + this.tries.bytes;
    this.#notePeak();
    if (first && this.violations.size > 0) this.stopped ??= 'the search ended at the first violation';
    else if (maxStates !== undefined && this.states > maxStates) this.stopped ??= `more than ${maxStates} states`;
    else if (maxMemory !== undefined && bytes > maxMemory) this.stopped ??= `more than ${maxMemory} bytes of memory`;
    else if (time !== undefined && this.seconds > time) this.stopped ??= `more than ${time} seconds`;
    else if (interrupted?.()) this.stopped ??= 'interrupted';
  }

  #notePeak(): void {
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /**
   * Expands states of the level from `from` on, until `to` or until the batch is full.
   *
   * @returns the first state that is not expanded
   */
  #expand(from: number, to: number): number {
    const { tries } = this;
    const words = this.layout.words;
    const roots = this.#agentRoots;
    const agents = roots.length;
    const level = this.#level;
    let cells = tries.cells;
    let batch = this.#batch;
    let parents = this.#parents;
    let ordinals = this.#ordinals;
    let n = this.#batched;
    let cur = from;
    for (; cur < to && n < BATCH; cur++) {
      const base = cur * words;
      const end = base + words;
      const start = n;
      let offered = 0;
      let cut = 0;
      let moved = 0;
      for (let agent = 0; agent < agents; agent++) {
        let leaf = tries.walk(roots[agent] as number, level, base);
        if (leaf === 0) {
          this.#batched = start;
          leaf = this.#learnAgent(agent, cur);
          // After a re-layout everything lies elsewhere: this state is begun again.
          if (leaf === 0) return cur;
          cells = tries.cells;
        }
        const successors = cells[leaf + 1] as number;
        cut += cells[leaf + 4] as number;
        if (successors === 0) continue;
        if ((n + successors) * words > batch.length) {
          this.#growBatch(n + successors);
          batch = this.#batch;
          parents = this.#parents;
          ordinals = this.#ordinals;
        }
        const first = n;
        const open = cells[leaf + 3] as number;
        let mask = leaf + LEAF_HEADER;
        for (let i = 0; i < successors; i++) {
          let at = n * words;
          let change = 0;
          for (let from = base; from < end; from++, at++, mask++) {
            const word = level[from] as number;
            const next = (word & (cells[mask] as number)) | (cells[mask + words] as number);
            batch[at] = next;
            change |= next ^ word;
          }
          mask += words;
          parents[n] = cur;
          ordinals[n] = offered++;
          // A step back to the state itself is counted, and there is nothing to insert.
          if ((change | open) !== 0) n++;
          moved |= change;
        }
        if (open !== 0) {
          this.#batched = start;
          if (!this.#residuals(agent, leaf, cur, first)) return cur;
          cells = tries.cells;
          for (let at = first * words; moved === 0 && at < n * words; at++)
            moved = (batch[at] as number) ^ (level[base + (at % words)] as number);
        }
      }
      this.#batched = n;
      this.transitions += offered;
      this.cut += cut;
      if (offered === 0 && cut === 0) this.terminal++;
      if (moved === 0 && cut === 0) {
        this.final++;
        for (const watch of this.#finalWatches) this.#watch(watch, cur);
      }
      const active = this.#active;
      for (let i = 0; i < active.length; i++) {
        if (tries.walk((active[i] as Watch).root, level, base) === 0) this.#watch(active[i] as Watch, cur);
      }
      if (this.#racedOn !== 0) this.#lookForRace(cur);
      cells = tries.cells;
    }
    return cur;
  }

  #growBatch(states: number): void {
    const words = this.layout.words;
    const grow = (old: Int32Array, length: number) => {
      const larger = new Int32Array(length);
      larger.set(old);
      return larger;
    };
    this.#batch = grow(this.#batch, 2 * states * words);
    this.#parents = grow(this.#parents, 2 * states);
    this.#ordinals = grow(this.#ordinals, 2 * states);
    this.#hashes = grow(this.#hashes, 2 * states);
    this.#fresh = grow(this.#fresh, 2 * states);
  }

  /** Inserts the batch; the states that are new make the next level. */
  #flush(): void {
    const n = this.#batched;
    if (n === 0) return;
    const fresh = this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
    const words = this.layout.words;
    if ((this.#nextCount + fresh) * words > this.#next.length) {
      const larger = new Int32Array(Math.max(2 * this.#next.length, (this.#nextCount + fresh) * words));
      larger.set(this.#next);
      this.#next = larger;
    }
    for (let i = 0; i < fresh; i++) {
      const at = this.#fresh[i] as number;
      this.tree.add(this.#base + (this.#parents[at] as number), this.#ordinals[at] as number);
      this.#append(at);
    }
    this.states += fresh;
    this.#batched = 0;
  }

  #append(at: number): void {
    const words = this.layout.words;
    const to = this.#nextCount * words;
    for (let j = 0; j < words; j++) this.#next[to + j] = this.#batch[at * words + j] as number;
    this.#nextCount++;
  }

  // ---- learning

  /** Learns what an agent does in state `cur` of the level. @returns the leaf, or 0 after a re-layout. */
  #learnAgent(agent: number, cur: number): number {
    const learned = this.#run(cur, () => this.learner.agent(agent, this.#level, cur * this.layout.words));
    if (this.learner.overflow) {
      this.#relayout();
      return 0;
    }
    if (this.tries.leaves.length < ALWAYS_TWICE || this.tries.leaves.length % 16 === 0)
      this.#runAgain(agent, cur, learned);
    const settled = this.#settle(agent, learned, cur);
    if (!settled) return 0;
    const { path, cut, alternatives } = learned;
    const leaf = this.#insert(
      this.#agentRoots[agent] as number,
      path,
      { ...settled, value: cut, ...(cut > 0 && { alternatives }) },
      cur,
      () => this.model.agents[agent]?.name ?? '',
    );
    if (this.#plan.races.length > 0) this.#notePlain(this.tries.cells[leaf + 2] as number, learned);
    for (const [info, label] of learned.taken) {
      const branches = this.taken.get(info);
      if (branches) branches.add(label);
      else this.taken.set(info, new Set([label]));
    }
    for (const { alternative, property, detail } of learned.failures) {
      this.#violated(property, {
        ordinal: this.#base + cur,
        step: { agent, alternative },
        detail,
        threads: this.#threadOf(agent),
      });
    }
    return leaf;
  }

  /**
   * Runs the observers and step invariants on each successor. One that looks at nothing but what the agent read and
   * wrote gives the same answer whenever this leaf is reached: it is settled, and an observer's write becomes part of
   * the leaf. The others are asked on every visit.
   *
   * @returns undefined after a re-layout
   */
  #settle(
    agent: number,
    { path, successors, steps, alternatives }: Learned,
    cur: number,
  ): Pick<Leaf, 'successors' | 'residuals'> | undefined {
    const residuals: Residual[] = [];
    const complete: Writes[] = [];
    const slots = this.learner.tables.length;
    for (const [successor, writes] of successors.entries()) {
      const step = steps[successor] as Step;
      const fixed = new Set(path.flatMap(({ slot }) => (slot < 0 ? [slot] : [slot, slots + slot])));
      for (const [slot] of writes) fixed.add(slots + slot);
      const all = [...writes];
      this.#setPair(this.#level, cur * this.layout.words, writes);
      for (let check = 0; check < this.#plan.checks.length; check++) {
        const root = this.#rootOf(check, step);
        if (root === NEVER_LOOKS) continue;
        const found =
          this.tries.walk(root, this.#pair, 0) ||
          this.#learnCheck(check, step, root, { agent, alternative: alternatives[successor] as number }, cur);
        if (found === undefined) return undefined;
        if (found === NEVER_LOOKS) continue;
        if (this.tries.slotsTo(root, this.#pair, 0).every(slot => fixed.has(slot)))
          all.push(...(this.tries.leaves[this.tries.cells[found + 2] as number]?.successors[0] ?? []));
        else residuals.push({ successor, root, check, step });
      }
      complete.push(all);
    }
    return { successors: complete, residuals };
  }

  /** The trie of a check for one step of the model. */
  #rootOf(check: number, step: Step): number {
    const roots = this.#checkRoots.get(step) ?? new Int32Array(this.#plan.checks.length);
    this.#checkRoots.set(step, roots);
    if (roots[check] === 0) roots[check] = this.tries.newRoot();
    return roots[check] as number;
  }

  /**
   * Learns what a check says of the step in `#pair`.
   *
   * @returns the leaf, NEVER_LOOKS when the check looked at no state at all, undefined after a re-layout
   */
  #learnCheck(check: number, step: Step, root: number, at: PathStep, cur: number): number | undefined {
    const { name } = this.#plan.checks[check] as StepCheck;
    const { path, writes, holds } = this.#run(cur, () => this.learner.check(check, step, this.#pair));
    if (this.learner.overflow) {
      this.#relayout();
      return undefined;
    }
    if (!holds) {
      const detail = `the step '${step.name}' breaks it`;
      this.#violated(name, { ordinal: this.#base + cur, step: at, detail, threads: this.#threadOf(at.agent) });
    }
    const looked = path.length > 0;
    if (!looked && writes.length === 0) {
      (this.#checkRoots.get(step) as Int32Array)[check] = NEVER_LOOKS;
      return NEVER_LOOKS;
    }
    const known = this.tries.walk(root, this.#pair, 0);
    if (known !== 0) return known;
    try {
      return this.tries.insert(root, path, {
        successors: writes.length > 0 ? [writes] : [],
        value: holds ? 1 : 0,
        residuals: [],
      });
    } catch (error) {
      if (error instanceof Contradiction) throw this.#impure(name, cur);
      throw error;
    }
  }

  /** Sets `#pair` to a state and the one that follows it by some writes. */
  #setPair(states: Int32Array, base: number, writes: Writes): void {
    const { words, word, shift, mask } = this.layout;
    if (this.#pair.length !== 2 * words) this.#pair = new Int32Array(2 * words);
    const pair = this.#pair;
    for (let j = 0; j < words; j++) pair[j] = pair[words + j] = states[base + j] as number;
    for (const [slot, id] of writes) {
      const at = words + (word[slot] as number);
      pair[at] =
        ((pair[at] as number) & ~((mask[slot] as number) << (shift[slot] as number))) | (id << (shift[slot] as number));
    }
  }

  /** Asks the checks that a leaf left open. @returns false after a re-layout. */
  #residuals(agent: number, leaf: number, cur: number, first: number): boolean {
    const { tries } = this;
    const { words } = this.layout;
    const base = cur * words;
    if (this.#pair.length !== 2 * words) this.#pair = new Int32Array(2 * words);
    const pair = this.#pair;
    const batch = this.#batch;
    let { cells } = tries;
    const count = cells[leaf + 3] as number;
    const list = leaf + LEAF_HEADER + (cells[leaf + 1] as number) * 2 * words;
    let paired = -1;
    for (let n = 0; n < count; n++) {
      const successor = cells[list + 2 * n] as number;
      const at = (first + successor) * words;
      if (successor !== paired) {
        for (let j = 0; j < words; j++) {
          pair[j] = this.#level[base + j] as number;
          pair[words + j] = batch[at + j] as number;
        }
        paired = successor;
      }
      let found = tries.walk(cells[list + 2 * n + 1] as number, pair, 0);
      if (found === 0) {
        const info = tries.leaves[cells[leaf + 2] as number] as Leaf;
        const { check, step, root } = info.residuals[n] as Residual;
        const learned = this.#learnCheck(
          check,
          step,
          root,
          { agent, alternative: info.alternatives?.[successor] ?? successor },
          cur,
        );
        if (learned === undefined) return false;
        found = learned;
        cells = tries.cells;
      }
      if (cells[found + 1] === 0) continue;
      const mask = found + LEAF_HEADER;
      for (let j = 0; j < words; j++)
        batch[at + j] = ((batch[at + j] as number) & (cells[mask + j] as number)) | (cells[mask + words + j] as number);
    }
    return true;
  }

  /** Asks a predicate in state `cur`; each new answer is learned, and the first that is false is a violation. */
  #watch(watch: Watch, cur: number): void {
    const base = cur * this.layout.words;
    if (this.tries.walk(watch.root, this.#level, base) !== 0) return;
    const { path, holds } = this.#run(cur, () =>
      this.learner.predicate(watch.property, watch.holds, this.#level, base),
    );
    this.#insert(
      watch.root,
      path,
      { successors: [], value: holds ? 1 : 0, residuals: [] },
      cur,
      () => watch.property.name,
    );
    if (holds) return;
    this.#violated(watch.property.name, {
      ordinal: this.#base + cur,
      step: undefined,
      detail: watch.detail,
      threads: watch.threads,
    });
    this.#active = this.#active.filter(w => !this.violations.has(w.property.name));
  }

  #notePlain(leaf: number, { plainReads: reads, plainWrites: writes, formsRead }: Learned): void {
    if (formsRead.length > 0) this.#formsRead.set(leaf, formsRead);
    while (leaf >= this.#plainReads.length) {
      const larger = () => new Int32Array(2 * this.#plainReads.length);
      const [r, w] = [larger(), larger()];
      r.set(this.#plainReads);
      w.set(this.#plainWrites);
      [this.#plainReads, this.#plainWrites] = [r, w];
    }
    this.#plainReads[leaf] = reads;
    this.#plainWrites[leaf] = writes;
  }

  #bitsOf(races: readonly Race[]): number {
    return races.reduce(
      (bits, { variables }) => variables.reduce((b, v) => b | (this.learner.plainBits.get(v.slot) ?? 0), bits),
      0,
    );
  }

  /** The plain variables that an agent's enabled steps read. */
  #plainReadsAt(leaf: number, base: number): number {
    const forms = this.#formsRead.size > 0 ? this.#formsRead.get(leaf) : undefined;
    const reads = this.#plainReads[leaf] as number;
    return forms ? reads | this.learner.plainReadsOf(forms, this.#level, base) : reads;
  }

  #leafNumber(agent: number, base: number): number {
    return this.tries.cells[this.tries.walk(this.#agentRoots[agent] as number, this.#level, base) + 2] as number;
  }

  /** Two enabled steps of different threads that access one plain variable, one of them writing, are a race. */
  #lookForRace(cur: number): void {
    const base = cur * this.layout.words;
    let reads = 0;
    let writes = 0;
    for (let agent = 0; agent < this.#agentRoots.length; agent++) {
      const number = this.#leafNumber(agent, base);
      const r = this.#plainReadsAt(number, base);
      const w = this.#plainWrites[number] as number;
      const conflict = ((w & (reads | writes)) | (r & writes)) & this.#racedOn;
      if (conflict !== 0) this.#racesFound(agent, conflict, cur);
      reads |= r;
      writes |= w;
    }
  }

  #racesFound(second: number, conflict: number, cur: number): void {
    const base = cur * this.layout.words;
    const accesses = (agent: number, bit: number) => {
      const number = this.#leafNumber(agent, base);
      return {
        reads: (this.#plainReadsAt(number, base) & bit) !== 0,
        writes: ((this.#plainWrites[number] as number) & bit) !== 0,
      };
    };
    const describe = (agent: number, bit: number) =>
      `${this.model.agents[agent]?.name} ${accesses(agent, bit).writes ? 'writes' : 'reads'}`;
    const isFound = (race: Race) => (this.#bitsOf([race]) & conflict) !== 0;
    for (const race of this.#races.filter(isFound)) {
      const found = this.#bitsOf([race]) & conflict;
      const bit = found & -found;
      const writes = accesses(second, bit).writes;
      const first = [...this.#agentRoots.keys()].find(agent => {
        const other = accesses(agent, bit);
        return agent < second && (other.writes || (writes && other.reads));
      }) as number;
      const variable = race.variables.find(v => this.learner.plainBits.get(v.slot) === bit);
      this.#violated(race.property.name, {
        ordinal: this.#base + cur,
        step: undefined,
        detail: `nothing orders two accesses to '${variable?.name}': ${describe(first, bit)}, ${describe(second, bit)}`,
        threads: [...this.#threadOf(first), ...this.#threadOf(second)],
      });
    }
    this.#races = this.#races.filter(race => !isFound(race));
    this.#racedOn = this.#bitsOf(this.#races);
  }

  #violated(property: string, violation: Violation): void {
    if (!this.violations.has(property)) this.violations.set(property, violation);
  }

  #threadOf(agent: number): readonly string[] {
    const thread: Thread | undefined = this.model.agents[agent]?.thread;
    return thread ? [thread.name] : [];
  }

  #insert(
    root: number,
    path: Parameters<Tries['insert']>[1],
    leaf: Parameters<Tries['insert']>[2],
    cur: number,
    name: () => string,
  ): number {
    // What was missing may have been a term of a quantified form: the run has learned it, and the leaf is known.
    const known = this.tries.walk(root, this.#level, cur * this.layout.words);
    if (known !== 0) return known;
    try {
      return this.tries.insert(root, path, leaf);
    } catch (error) {
      if (error instanceof Contradiction) throw this.#impure(name(), cur);
      throw error;
    }
  }

  #impure(name: string, cur: number): StepError {
    const error = new SpecError({
      what: `'${name}' is not a pure function: run twice on the same values, it read or answered something else`,
      hint: 'an action must depend on nothing but the state: no counters outside it, no random numbers, no time',
    });
    return new StepError(error, this.pathTo(this.#base + cur));
  }

  /** Runs every agent again on one state and compares with what was learned, perhaps long ago. */
  #checkPurity(cur: number): void {
    const { tries } = this;
    const base = cur * this.layout.words;
    for (let agent = 0; agent < this.#agentRoots.length; agent++) {
      const leaf = tries.walk(this.#agentRoots[agent] as number, this.#level, base);
      if (leaf === 0) continue;
      const { path, successors, cut } = this.#run(cur, () => this.learner.agent(agent, this.#level, base));
      const known = tries.leaves[tries.cells[leaf + 2] as number] as Leaf;
      // Behind what the agent writes, a leaf has what observers write.
      const same =
        successors.length === known.successors.length &&
        cut === known.value &&
        successors.every((writes, i) => startsWith(known.successors[i] as Writes, writes));
      const slots = tries.slotsTo(this.#agentRoots[agent] as number, this.#level, base);
      if (!same || path.length !== slots.length || path.some(({ slot }, i) => slot !== slots[i]))
        throw this.#impure(this.model.agents[agent]?.name ?? '', cur);
    }
  }

  #runAgain(agent: number, cur: number, { path, successors }: Pick<Learned, 'path' | 'successors'>): void {
    const again = this.#run(cur, () => this.learner.agent(agent, this.#level, cur * this.layout.words));
    if (JSON.stringify([again.path, again.successors]) === JSON.stringify([path, successors])) return;
    throw this.#impure(this.model.agents[agent]?.name ?? '', cur);
  }

  #run<T>(cur: number, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof SpecError && !(error instanceof StepError))
        throw new StepError(error, this.pathTo(this.#base + cur));
      throw error;
    }
  }

  // ---- layout

  /** Makes room for values that do not fit: states and tries are encoded anew, and the search goes on where it was. */
  #relayout(): void {
    this.#flush();
    const old = this.layout;
    const { tables } = this.learner;
    // Late growth is expensive, so a slot that is nearly full grows with the one that is.
    const needed = tables.map(({ values, variable }, slot) =>
      this.#unobserved.has(variable.slot) ? 0 : Math.max(old.bits[slot] as number, bitsFor(values.length)),
    );
    const layout = this.states < ROOMY ? new Layout(needed) : this.#withRoom(needed);
    const convert = (states: Int32Array, count: number) => {
      const converted = new Int32Array(Math.max(count, 512) * layout.words);
      for (let i = 0; i < count; i++) translate(old, states, i * old.words, layout, converted, i * layout.words);
      return converted;
    };
    this.#level = convert(this.#level, this.#levelCount);
    this.#next = convert(this.#next, this.#nextCount);
    const before = this.store;
    this.store = new Store(layout.words, before.count);
    this.#batch = new Int32Array(2 * BATCH * layout.words);
    let n = 0;
    const { table } = before;
    for (let p = 0; p < before.slots * old.words; p += old.words) {
      if (table[p] === 0) continue;
      translate(old, table, p, layout, this.#batch, n++ * layout.words);
      if (n < BATCH) continue;
      this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
      n = 0;
    }
    this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
    this.peakBytes = Math.max(this.peakBytes, this.bytes + before.bytes);
    this.layout = layout;
    this.tries.relayout(layout);
    this.learner.overflow = false;
  }

  /** Gives unused bits of the last words to the slots that are full, so that late values find room. */
  #withRoom(needed: readonly number[]): Layout {
    const bits = [...needed];
    let layout = new Layout(bits);
    const { words } = layout;
    for (const { values, variable } of this.learner.tables) {
      const { slot } = variable;
      if (variable.domain.length > 0 || this.#unobserved.has(slot) || values.length < 2 ** (bits[slot] as number))
        continue;
      bits[slot] = (bits[slot] as number) + 1;
      const wider = new Layout(bits);
      if (wider.words === words) layout = wider;
      else bits[slot] = (bits[slot] as number) - 1;
    }
    return layout;
  }

  // ---- what the search leaves behind

  /** The initial state, packed. */
  initial(): Int32Array {
    const state = new Int32Array(this.layout.words);
    state[0] = 1;
    return state;
  }

  /**
   * Calls back with every successor of a packed state, in order, as long as the callback answers true. Works for
   * states whose steps are learned; the array that is handed out is used again.
   */
  successors(
    states: Int32Array,
    base: number,
    visit: (next: Int32Array, agent: number, alternative: number) => boolean,
  ): void {
    const { tries } = this;
    const words = this.layout.words;
    const next = new Int32Array(words);
    const pair = new Int32Array(2 * words);
    for (let agent = 0; agent < this.#agentRoots.length; agent++) {
      const leaf = tries.walk(this.#agentRoots[agent] as number, states, base);
      if (leaf === 0) continue;
      const { cells } = tries;
      const info = tries.leaves[cells[leaf + 2] as number];
      const successors = cells[leaf + 1] as number;
      const open = cells[leaf + 3] as number;
      const list = leaf + LEAF_HEADER + successors * 2 * words;
      for (let i = 0; i < successors; i++) {
        apply(cells, leaf + LEAF_HEADER + i * 2 * words, words, states, base, next);
        if (open > 0) {
          for (let j = 0; j < words; j++) pair[j] = states[base + j] as number;
          pair.set(next, words);
          for (let r = 0; r < open; r++) {
            if (cells[list + 2 * r] !== i) continue;
            const found = tries.walk(cells[list + 2 * r + 1] as number, pair, 0);
            if (cells[found + 1] !== 0) apply(cells, found + LEAF_HEADER, words, next, 0, next);
          }
        }
        if (!visit(next, agent, info?.alternatives?.[i] ?? i)) return;
      }
    }
  }

  /** Whether an agent has an enabled step in a packed state; a step in which an obligation fails counts. */
  enabled(agent: number, states: Int32Array, base: number): boolean {
    const { cells } = this.tries;
    const leaf = this.tries.walk(this.#agentRoots[agent] as number, states, base);
    return (cells[leaf + 1] as number) > 0 || (cells[leaf + 4] as number) > 0;
  }

  /** Whether some step out of a packed state failed an obligation. */
  cutsAt(states: Int32Array, base: number): boolean {
    return this.#agentRoots.some(root => (this.tries.cells[this.tries.walk(root, states, base) + 4] as number) > 0);
  }

  /** Calls back with every state in the order of discovery, rebuilt from the tree; false ends the walk. */
  forEachState(visit: (ordinal: number, states: Int32Array, base: number) => boolean): void {
    const words = this.layout.words;
    // A queue of states whose children are not yet made; `offered` are the successors of the one in front.
    let queue = new Int32Array(1 << 12);
    let head = 0;
    let tail = 1;
    let front = 0;
    let offered: number[] | undefined;
    queue.set(this.initial());
    if (!visit(0, queue, 0)) return;
    this.tree.forEach((ordinal, parent) => {
      for (; front < parent; front++) {
        head++;
        offered = undefined;
      }
      if (!offered) {
        const list: number[] = [];
        this.successors(queue, head * words, next => {
          for (const word of next) list.push(word);
          return true;
        });
        offered = list;
      }
      if ((tail + 1) * words > queue.length) {
        const kept = queue.subarray(head * words, tail * words);
        const moved = new Int32Array(Math.max(queue.length, 2 * kept.length));
        moved.set(kept);
        queue = moved;
        tail -= head;
        head = 0;
      }
      const from = this.tree.transition(ordinal) * words;
      for (let j = 0; j < words; j++) queue[tail * words + j] = offered[from + j] as number;
      return visit(ordinal, queue, tail++ * words);
    });
  }

  /** The steps from the initial state to a state, by its number. */
  pathTo(ordinal: number): PathStep[] {
    return this.#follow(ordinal).path;
  }

  /** A state by its number, packed. */
  stateAt(ordinal: number): Int32Array {
    return this.#follow(ordinal).state;
  }

  #follow(ordinal: number): { readonly path: PathStep[]; readonly state: Int32Array } {
    const path: PathStep[] = [];
    let state = this.initial();
    for (const at of this.tree.ancestors(ordinal).slice(1)) {
      let left = this.tree.transition(at);
      let found: Int32Array | undefined;
      this.successors(state, 0, (next, agent, alternative) => {
        if (left-- > 0) return true;
        path.push({ agent, alternative });
        found = next.slice();
        return false;
      });
      if (!found) throw new Error(`the path to state ${ordinal} breaks off after ${path.length} steps`);
      state = found;
    }
    return { path, state };
  }
}

const startsWith = (list: Writes, start: Writes): boolean =>
  start.every(([slot, id], i) => list[i]?.[0] === slot && list[i]?.[1] === id);

/** Applies the masks of a leaf to a packed state. */
function apply(
  cells: Int32Array,
  mask: number,
  words: number,
  states: Int32Array,
  base: number,
  next: Int32Array,
): void {
  for (let j = 0; j < words; j++)
    next[j] = ((states[base + j] as number) & (cells[mask + j] as number)) | (cells[mask + words + j] as number);
}

// This file is long because the inner loop, what may interrupt it, and a change of layout share the level and the batch.
import type { Model } from '../spec/index.ts';
import { type Checkpoint, CheckpointMismatch } from './checkpoint.ts';
import { Findings } from './findings.ts';
import { Graph } from './graph.ts';
import { Knowledge, Overflow, type Spot, type Watch } from './knowledge.ts';
import { type Layout, Translation } from './layout.ts';
import type { Plan } from './plan.ts';
import { Races } from './races.ts';
import type { CheckOptions, Progress } from './result.ts';
import { Retrace } from './retrace.ts';
import { firstLayout, widerLayout } from './room.ts';
import { scout } from './scout.ts';
import { StepChecks } from './step-checks.ts';
import { Store, StoreFull } from './store.ts';
import { Tree } from './tree.ts';
import { denseChild, LEAF, LEAF_HEADER } from './tries.ts';

/** Successors that are inserted into the store at a time. */
const BATCH = 1 << 12;
/** States expanded between two looks at all limits. */
const CHUNK = 1 << 13;
/** Milliseconds after which the rest of the program gets a turn. */
const TURN = 80;
/** At so many states a scout goes ahead to meet values that come late, and the layout is given room for them. */
const SCOUTS = [1 << 12, 1 << 16];
/** From this many states on, room for late values is worth another word a state. */
const LARGE = 1 << 16;

/**
 * Breadth-first search over packed states; long because its inner loop has everything that it touches in reach.
 *
 * States are numbered as they are discovered. A violation is noticed when its leaf is learned: every state is
 * expanded in that order, so the state at hand is the first that shows it, and the path to it a shortest one, least
 * by declaration order. Known leaves can then be passed without a look.
 */
export class Search {
  readonly findings = new Findings();
  readonly knowledge: Knowledge;
  readonly graph: Graph;
  store: Store;
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
  readonly #tree = new Tree();
  readonly #checks: StepChecks;
  readonly #races: Races;
  readonly #asked: ReadonlySet<string>;
  /** Slots of observers that no selected property reads: they keep their initial value and take no bits. */
  readonly #unobserved: ReadonlySet<number>;
  /** Invariants that are not violated yet, and what is asked of final states. */
  #watches: readonly Watch[];
  readonly #finalWatches: readonly Watch[];
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
  /** The number of the first state of the level. */
  #base = 0;
  #expanded = 0;
  #scouts = 0;
  /** How many values were known after the last scout. */
  #met = 0;
  /** The way to where another search was, until this one is there. */
  #retrace: Retrace | undefined;
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  /** When the rest of the program last had its turn: levels may be many and short. */
  #yielded = this.#started;

  constructor(model: Model, plan: Plan, options: CheckOptions) {
    // The tree that it goes on from is as large as its own.
    this.#options = { ...options, resume: undefined };
    this.#retrace = options.resume && new Retrace(options.resume);
    this.#secondsBefore = options.resume?.seconds ?? 0;
    this.#asked = plan.names;
    this.#unobserved = new Set(model.observers.map(o => o.variable.slot).filter(slot => !plan.observed.has(slot)));
    this.knowledge = new Knowledge(
      model,
      plan.checks,
      plan.plain,
      ({ tables }) => firstLayout(tables, this.#unobserved),
      this.findings,
      ordinal => this.graph.pathTo(ordinal).path,
      options.ledger ? plan.properties : undefined,
      options.known,
    );
    this.graph = new Graph(this.knowledge, this.#tree);
    this.#checks = new StepChecks(this.knowledge, plan.checks);
    this.#races = new Races(this.knowledge, plan.races);
    this.#watches = plan.states.map(w => ({ ...w, root: this.knowledge.tries.newRoot() }));
    this.#finalWatches = plan.finals.map(w => ({ ...w, root: this.knowledge.tries.newRoot() }));
    this.store = new Store(this.layout.words);
    this.#batch = new Int32Array(2 * BATCH * this.layout.words);
  }

  get layout(): Layout {
    return this.knowledge.tries.layout;
  }

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
      if (this.#retrace && !this.stopped) throw new CheckpointMismatch('its states come to an end before');
      if (this.stopped && !this.#retrace) this.#options.checkpoint?.keep(this.#checkpoint());
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      this.stopped = 'the table of states is as large as it can be';
    }
    this.#notePeak();
  }

  get bytes(): number {
    return (
      this.store.bytes + this.#tree.bytes + this.#level.byteLength + this.#next.byteLength + this.#batch.byteLength
    );
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** The same with those of the search that this one goes on from. */
  get secondsInAll(): number {
    return this.#secondsBefore + this.seconds;
  }

  progress(): Progress {
    return {
      states: this.states,
      transitions: this.transitions,
      depth: this.depth,
      queue: this.states - this.#base - this.#expanded,
      bytes: this.bytes + this.knowledge.tries.bytes,
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
    if (this.states >= (SCOUTS[this.#scouts] ?? Number.POSITIVE_INFINITY)) {
      this.#scouts++;
      this.#sendScout();
    }
    this.#base += this.#levelCount;
    [this.#level, this.#next] = [this.#next, this.#level];
    this.#levelCount = this.#nextCount;
    this.#nextCount = 0;
    this.#expanded = 0;
  }

  /** Meets late values ahead of the search, if there may be any, and makes room for them. */
  #sendScout(): void {
    const { model, learner } = this.knowledge;
    const met = () => learner.tables.reduce((sum, { values }) => sum + values.length, 0);
    const before = met();
    // No new value since the last scout: there is no sign that another one would find any.
    if (before === this.#met) return;
    learner.runs += scout(model, learner.tables, this.states >> 2);
    this.#met = met();
    // The first one makes room in any case.
    if (this.#scouts === 1 || this.#met > before) this.#relayout();
  }

  async #expandLevel(): Promise<void> {
    if (this.depth < 50 || this.depth % 64 === 0)
      this.knowledge.checkPurity(this.#spot((this.depth * 7919) % this.#levelCount));
    while (this.#expanded < this.#levelCount && !this.stopped) {
      const end = Math.min(
        this.#expanded + CHUNK,
        this.#levelCount,
        (this.#retrace?.end ?? Number.POSITIVE_INFINITY) - this.#base,
      );
      while (this.#expanded < end && !this.stopped) {
        this.#expandSome(end);
        if (this.#batched >= BATCH) this.#flush();
        if (performance.now() - this.#yielded > TURN) await this.#giveTurn();
      }
      this.#lookBack();
      this.#applyLimits();
    }
    this.#flush();
    this.#applyLimits();
  }

  /** Keeps a checkpoint if one is due; on the way to one, sees whether this is it. */
  #lookBack(): void {
    const { checkpoint } = this.#options;
    if (this.#retrace) {
      if (this.#base + this.#expanded < this.#retrace.end) return;
      this.#flush();
      const { counts, violations } = this.#checkpoint();
      this.#retrace.requireSame(counts, violations);
      this.#retrace = undefined;
    } else if (checkpoint?.isDue()) {
      this.#flush();
      checkpoint.keep(this.#checkpoint());
    }
  }

  /** Where the search is; the batch has to be empty. */
  #checkpoint(): Checkpoint {
    const { states, transitions, terminal, final, cut, depth } = this;
    return {
      counts: { states, transitions, terminal, final, cut, depth, expanded: this.#base + this.#expanded },
      seconds: this.secondsInAll,
      violations: JSON.stringify([...this.findings.violations]),
      tree: this.#tree.stored(),
    };
  }

  /** Reports, gives signal handlers and timers their turn, and asks what they and the clock say. */
  async #giveTurn(): Promise<void> {
    this.#options.onProgress?.(this.progress());
    await new Promise<void>(resolve => setImmediate(resolve));
    this.#yielded = performance.now();
    this.#applyOutside();
  }

  /** Ends the search when the clock or the caller says so. */
  #applyOutside(): void {
    const { time, spent = 0, interrupted } = this.#options;
    if (time !== undefined && spent + this.seconds > time) this.stopped ??= `more than ${time} seconds`;
    else if (interrupted?.()) this.stopped ??= 'interrupted';
  }

  #applyLimits(): void {
    const { maxStates, maxMemory, first } = this.#options;
    const bytes = this.bytes + this.knowledge.tries.bytes;
    this.#notePeak();
    if (first && this.#isViolated()) this.stopped ??= 'the search ended at the first violation';
    else if (maxStates !== undefined && this.states > maxStates) this.stopped ??= `more than ${maxStates} states`;
    else if (maxMemory !== undefined && bytes > maxMemory) this.stopped ??= `more than ${maxMemory} bytes of memory`;
    else this.#applyOutside();
  }

  /** Whether a property that was asked for is violated: steps report obligations whether asked for or not. */
  #isViolated(): boolean {
    return [...this.findings.violations.keys()].some(name => this.#asked.has(name));
  }

  #notePeak(): void {
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /** Expands states of the level, up to `end` or until the batch is full or the layout has to be wider. */
  #expandSome(end: number): void {
    try {
      this.#expand(end);
    } catch (error) {
      if (!(error instanceof Overflow)) throw error;
      // The state at hand is begun again: its successors are not counted, and not yet in the batch.
      this.#relayout();
    }
  }

  /** The inner loop. Whenever it can be left, `#expanded` and `#batched` are those of whole states. */
  #expand(end: number): void {
    const { tries, roots } = this.knowledge;
    const words = this.layout.words;
    const agents = roots.length;
    const level = this.#level;
    let { cells } = tries;
    let batch = this.#batch;
    let parents = this.#parents;
    let ordinals = this.#ordinals;
    let n = this.#batched;
    let last = end;
    for (let cur = this.#expanded; cur < last && n < BATCH; cur++) {
      const base = cur * words;
      let offered = 0;
      let cut = 0;
      let moved = 0;
      const word0 = level[base] as number;
      const word1 = level[base + 1] as number;
      for (let agent = 0; agent < agents; agent++) {
        // The walk through dense nodes, here rather than called; whatever is rarer is left to `walk`.
        let leaf = cells[roots[agent] as number] as number;
        while ((cells[leaf] as number) >= 0) leaf = denseChild(cells, leaf, level, base);
        if (cells[leaf] !== LEAF) leaf = tries.walk(roots[agent] as number, level, base);
        if (leaf === 0) {
          leaf = this.#learn(agent, cur);
          cells = tries.cells;
          // User code may be slow: then this state is the last one before others get their turn.
          if (performance.now() - this.#yielded > TURN) last = cur + 1;
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
        // The same as below for two words, without a loop: the commonest size, and a sixth of the whole time.
        for (let i = 0; words === 2 && i < successors; i++, mask += 4) {
          const x = (word0 & (cells[mask] as number)) | (cells[mask + 2] as number);
          const y = (word1 & (cells[mask + 1] as number)) | (cells[mask + 3] as number);
          const change = (x ^ word0) | (y ^ word1);
          batch[2 * n] = x;
          batch[2 * n + 1] = y;
          parents[n] = cur;
          ordinals[n] = offered++;
          if ((change | open) !== 0) n++;
          moved |= change;
        }
        for (let i = 0; words !== 2 && i < successors; i++) {
          let at = n * words;
          let change = 0;
          for (let from = base; from < base + words; from++, at++, mask++) {
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
          this.#checks.askOpen(agent, leaf, this.#spot(cur), batch, first);
          cells = tries.cells;
          for (let at = first * words; moved === 0 && at < n * words; at++) {
            moved = (batch[at] as number) ^ (level[base + (at % words)] as number);
          }
        }
      }
      this.#batched = n;
      this.#expanded = cur + 1;
      this.transitions += offered;
      this.cut += cut;
      if (offered === 0 && cut === 0) this.terminal++;
      if (moved === 0 && cut === 0) {
        this.final++;
        for (const watch of this.#finalWatches) this.knowledge.ask(watch, this.#spot(cur));
      }
      const watches = this.#watches;
      for (let i = 0; i < watches.length; i++) {
        if (tries.walk((watches[i] as Watch).root, level, base) === 0) this.#ask(watches[i] as Watch, cur);
      }
      if (this.#races.areWatched) this.#races.look(this.#spot(cur));
      cells = tries.cells;
    }
  }

  #spot(cur: number): Spot {
    return { states: this.#level, base: cur * this.layout.words, ordinal: this.#base + cur };
  }

  /** Learns what an agent does in state `cur` of the level. @returns its leaf. @throws Overflow */
  #learn(agent: number, cur: number): number {
    const { knowledge } = this;
    const here = this.#spot(cur);
    const learned = knowledge.runAgent(agent, here);
    const { path, successors, cut, alternatives } = learned;
    const residuals = this.#checks.settle(agent, learned, here);
    const leaf = { successors, residuals, value: cut, ...(cut > 0 && { alternatives }) };
    const root = knowledge.roots[agent] as number;
    const name = knowledge.model.agents[agent]?.name ?? '';
    const at = knowledge.insert(root, path, leaf, here.states, here.base, name, here);
    this.#races.note(at, learned);
    return at;
  }

  #ask(watch: Watch, cur: number): void {
    this.knowledge.ask(watch, this.#spot(cur));
    if (!this.findings.violations.has(watch.property.name)) return;
    this.#watches = this.#watches.filter(w => !this.findings.violations.has(w.property.name));
  }

  #growBatch(states: number): void {
    const words = this.layout.words;
    const grow = (old: Int32Array, length: number) => {
      // After a re-layout the batch may be short again, and what lies beside it long.
      const larger = new Int32Array(Math.max(length, old.length));
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
    const words = this.layout.words;
    const n =
      this.#retrace?.thin(this.#batch, words, this.#parents, this.#ordinals, this.#base, this.#batched) ??
      this.#batched;
    this.#batched = 0;
    if (n === 0) return;
    const fresh = this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
    if (this.#retrace && fresh < n) throw new CheckpointMismatch('it has a state twice');
    if ((this.#nextCount + fresh) * words > this.#next.length) {
      const larger = new Int32Array(Math.max(2 * this.#next.length, (this.#nextCount + fresh) * words));
      larger.set(this.#next);
      this.#next = larger;
    }
    for (let i = 0; i < fresh; i++) {
      const at = this.#fresh[i] as number;
      this.#tree.add(this.#base + (this.#parents[at] as number), this.#ordinals[at] as number);
      this.#append(at);
    }
    this.states += fresh;
  }

  #append(at: number): void {
    const words = this.layout.words;
    const to = this.#nextCount * words;
    for (let j = 0; j < words; j++) this.#next[to + j] = this.#batch[at * words + j] as number;
    this.#nextCount++;
  }

  /** Makes room for values that do not fit: states and tries are encoded anew, and the search goes on where it was. */
  #relayout(): void {
    this.#flush();
    const old = this.layout;
    const { learner, tries } = this.knowledge;
    const layout = widerLayout(
      old,
      learner.tables,
      this.#unobserved,
      this.#scouts === 0 ? 'none' : this.states > LARGE ? 'much' : 'some',
    );
    if (layout.bits.every((bits, slot) => bits === old.bits[slot])) return;
    const translation = new Translation(old, layout);
    const convert = (states: Int32Array, count: number) => {
      const converted = new Int32Array(Math.max(count, 512) * layout.words);
      for (let i = 0; i < count; i++) translation.copy(states, i * old.words, converted, i * layout.words);
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
      translation.copy(table, p, this.#batch, n++ * layout.words);
      if (n < BATCH) continue;
      this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
      n = 0;
    }
    this.store.insert(this.#batch, n, this.#hashes, this.#fresh);
    this.peakBytes = Math.max(this.peakBytes, this.bytes + before.bytes);
    tries.relayout(layout);
    learner.overflow = false;
  }
}

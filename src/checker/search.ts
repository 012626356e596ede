import type { Model } from '../spec/index.ts';
import { type Checkpoint, CheckpointMismatch } from './checkpoint.ts';
import { Findings } from './findings.ts';
import { Frontier } from './frontier.ts';
import { Graph } from './graph.ts';
import { Kernel, type Missing, type Roots } from './kernel.ts';
import { Knowledge, Overflow, type Spot, type Watch } from './knowledge.ts';
import { type Layout, Translation } from './layout.ts';
import { FORMS } from './lookup.ts';
import type { Plan } from './plan.ts';
import { Races } from './races.ts';
import { BEGIN_AGAIN, type Pass } from './reduction/index.ts';
import type { CheckOptions, Progress } from './result.ts';
import { Retrace } from './retrace.ts';
import { firstLayout, type Room, roomyLayout } from './room.ts';
import { scout } from './scout.ts';
import { StepChecks } from './step-checks.ts';
import { Store, StoreFull } from './store/index.ts';
import { Tree } from './tree.ts';
import type { ValueTable } from './values.ts';

/** States that a re-layout inserts into the new store at a time. */
const BATCH = 1 << 12;
/** Milliseconds after which the rest of the program gets a turn. */
const TURN = 80;
/** At so many states a scout goes ahead to meet values that come late, and the layout is given room for them. */
const SCOUTS = [1 << 10, 1 << 12, 1 << 16];
/** From this many states on, room for late values is worth another word a state. */
const LARGE = 1 << 16;

/**
 * Breadth-first search over packed states.
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
  readonly counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
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
  /** Says which successors to keep, if the search is reduced. */
  readonly #pass: Pass | undefined;
  /** Invariants that are not violated yet, and what is asked of final states. */
  #watches: readonly Watch[];
  readonly #finalWatches: readonly Watch[];
  #frontier: Frontier;
  /** The states that are being expanded: some of one level. */
  #chunk: Int32Array = new Int32Array(0);
  #chunkCount = 0;
  #kernel: Kernel;
  #roots: Roots;
  /** Of the successors, which were new. */
  #fresh = new Int32Array(2 * BATCH);
  /** The number of the first state of the chunk. */
  #base = 0;
  /** How many of the chunk are done. */
  #expanded = 0;
  #scouts = 0;
  /** How many values each variable had after the last scout. */
  #met: readonly number[] = [];
  /** The way to where another search was, until this one is there. */
  #retrace: Retrace | undefined;
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  /** When the rest of the program last had its turn: levels may be many and short. */
  #yielded = this.#started;

  constructor(model: Model, plan: Plan, options: CheckOptions, pass?: Pass) {
    this.#pass = pass;
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
    this.store = new Store(this.layout.wordBits);
    this.#frontier = new Frontier(this.layout.words);
    this.#kernel = new Kernel(this.knowledge.tries, this.counts);
    this.#roots = this.#newRoots();
  }

  get layout(): Layout {
    return this.knowledge.tries.layout;
  }

  /** Explores until nothing is left, a limit is reached, or the first violation if that is all that is asked. */
  async run(): Promise<void> {
    this.#insertInitial();
    try {
      let count = this.#frontier.nextLevel();
      for (;;) {
        await this.#expandLevel(count);
        if (this.stopped) break;
        this.#lookAhead();
        count = this.#frontier.nextLevel();
        if (count === 0) break;
        this.depth++;
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
    return this.store.bytes + this.#tree.bytes + this.#frontier.bytes + this.#kernel.batch.byteLength;
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
      transitions: this.counts.transitions,
      depth: this.depth,
      queue: this.states - this.#base - this.#expanded,
      bytes: this.bytes + this.knowledge.tries.bytes,
      seconds: this.seconds,
    };
  }

  #insertInitial(): void {
    const initial = this.graph.initial();
    this.store.insert(initial, 1, this.#fresh);
    this.#frontier.add(initial, 0);
    this.states = 1;
  }

  /** Meets late values ahead of the search, if it is time and there may be any, and makes room for them. */
  #lookAhead(): void {
    if (this.states < (SCOUTS[this.#scouts] ?? Number.POSITIVE_INFINITY)) return;
    this.#scouts++;
    const { model, learner } = this.knowledge;
    const met = this.#met;
    const isNew = (values: number, slot: number) => values > (met[slot] ?? 0);
    const known = () => learner.tables.map(({ values }) => values.length);
    // No new value since the last scout: there is no sign that another one would find any.
    if (known().some(isNew)) learner.runs += scout(model, learner.tables, this.states >> 2);
    this.#met = known();
    this.#relayout([], slot => isNew(this.#met[slot] as number, slot));
  }

  async #expandLevel(count: number): Promise<void> {
    const sample = this.depth < 50 || this.depth % 64 === 0 ? (this.depth * 7919) % count : -1;
    let done = 0;
    while (!this.stopped && this.#nextChunk()) {
      if (sample >= done && sample < done + this.#chunkCount) this.knowledge.checkPurity(this.#spot(sample - done));
      done += this.#chunkCount;
      while (this.#expanded < this.#chunkCount && !this.stopped) {
        const end = Math.min(this.#chunkCount, (this.#retrace?.end ?? Number.POSITIVE_INFINITY) - this.#base);
        while (this.#expanded < end && !this.stopped) {
          this.#expandSome(end);
          if (this.#kernel.isFull) this.#flush();
          if (performance.now() - this.#yielded > TURN) await this.#giveTurn();
        }
        this.#flush();
        this.#lookBack();
        this.#applyLimits();
      }
    }
  }

  /** Goes on to the next states of the level. @returns false when there are none */
  #nextChunk(): boolean {
    this.#base += this.#chunkCount;
    const chunk = this.#frontier.nextChunk();
    this.#chunk = chunk?.states ?? this.#chunk;
    this.#chunkCount = chunk?.count ?? 0;
    this.#expanded = 0;
    this.#kernel.raceSeen = -1;
    return chunk !== undefined;
  }

  /** Keeps a checkpoint if one is due; on the way to one, sees whether this is it. */
  #lookBack(): void {
    const { checkpoint } = this.#options;
    if (this.#retrace) {
      if (this.#base + this.#expanded < this.#retrace.end) return;
      const { counts, violations } = this.#checkpoint();
      this.#retrace.requireSame(counts, violations);
      this.#retrace = undefined;
    } else if (checkpoint?.isDue()) {
      checkpoint.keep(this.#checkpoint());
    }
  }

  /** Where the search is; the batch has to be empty. */
  #checkpoint(): Checkpoint {
    const { states, depth } = this;
    return {
      counts: { states, ...this.counts, depth, expanded: this.#base + this.#expanded },
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
    else if (this.#pass?.isOver(this.states)) this.stopped ??= BEGIN_AGAIN;
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

  /** Expands states of the chunk up to `end`, until the batch is full, something is learned, or the layout has to be wider. */
  #expandSome(end: number): void {
    const kernel = this.#kernel;
    this.#expanded = this.#pass
      ? this.#pass.expand(kernel, this.#chunk, this.#expanded, end, this.#roots, this.knowledge)
      : kernel.expand(this.#chunk, this.#expanded, end, this.#roots);
    if (!kernel.missing) return;
    try {
      this.#learn(kernel.missing, this.#spot(this.#expanded));
    } catch (error) {
      if (!(error instanceof Overflow)) throw error;
      const { bits } = this.layout;
      const { tables } = this.knowledge.learner;
      this.#relayout(bits, slot => (tables[slot] as ValueTable).values.length > 2 ** (bits[slot] as number));
    }
  }

  /** Learns what the kernel lacks for the state at hand. @throws Overflow */
  #learn(missing: Missing, here: Spot): void {
    if (missing.what === 'agent') this.#learnAgent(missing.agent, here);
    if (missing.what === 'residual')
      this.#checks.learnOpen(missing.agent, missing.leaf, missing.n, this.#kernel.pair, here);
    if (missing.what === 'final') this.knowledge.ask(this.#finalWatches[missing.watch] as Watch, here);
    if (missing.what === 'state') {
      this.knowledge.ask(this.#watches[missing.watch] as Watch, here);
      this.#watches = this.#watches.filter(w => !this.findings.violations.has(w.property.name));
      this.#roots = this.#newRoots();
    }
    if (missing.what === 'race') {
      this.#races.look(here);
      this.#kernel.raceSeen = this.#expanded;
      this.#roots = this.#newRoots();
    }
  }

  #newRoots(): Roots {
    const rootsOf = (watches: readonly Watch[]) => Int32Array.from(watches, ({ root }) => root);
    return {
      agents: this.knowledge.roots,
      states: rootsOf(this.#watches),
      finals: rootsOf(this.#finalWatches),
      plain: this.#races.watched,
    };
  }

  #spot(cur: number): Spot {
    return { states: this.#chunk, base: cur * this.layout.words, ordinal: this.#base + cur };
  }

  #learnAgent(agent: number, here: Spot): void {
    const { knowledge } = this;
    const learned = knowledge.runAgent(agent, here);
    const { path, successors, cut, alternatives, plainReads, plainWrites, formsRead } = learned;
    const leaf = {
      successors,
      residuals: this.#checks.settle(agent, learned, here),
      value: cut,
      plainReads: formsRead.length > 0 ? plainReads | FORMS : plainReads,
      plainWrites,
      ...(cut > 0 && { alternatives }),
    };
    const root = knowledge.roots[agent] as number;
    const name = knowledge.model.agents[agent]?.name ?? '';
    const at = knowledge.insert(root, path, leaf, here.states, here.base, name, here);
    this.#races.note(at, learned);
    this.#pass?.note(knowledge.tries.cells[at + 2] as number, agent, learned, knowledge.learner);
  }

  /** Inserts the batch; the states that are new make the next level. */
  #flush(): void {
    const { batch, sources, ordinals } = this.#kernel;
    const words = this.layout.words;
    const retrace = this.#retrace;
    const n = retrace?.thin(batch, words, sources, ordinals, this.#base, this.#kernel.batched) ?? this.#kernel.batched;
    this.#kernel.batched = 0;
    if (n === 0) return;
    if (this.#fresh.length < n) this.#fresh = new Int32Array(2 * n);
    const fresh = this.store.insert(batch, n, this.#fresh);
    if (retrace && fresh < n) throw new CheckpointMismatch('it has a state twice');
    for (let i = 0; i < fresh; i++) {
      const at = this.#fresh[i] as number;
      this.#tree.add(this.#base + (sources[at] as number), ordinals[at] as number);
      this.#frontier.add(batch, at * words);
    }
    this.states += fresh;
  }

  /** Makes room for values that do not fit: states and tries are encoded anew, and the search goes on where it was. */
  #relayout(least: readonly number[], grows: (slot: number) => boolean): void {
    this.#flush();
    const old = this.layout;
    const { learner, tries } = this.knowledge;
    const room: Room = this.#scouts === 0 ? 'none' : this.states > LARGE ? 'much' : 'some';
    const layout = roomyLayout(learner.tables, this.#unobserved, least, grows, room);
    learner.overflow = false;
    if (layout.bits.every((bits, slot) => bits === old.bits[slot])) return;
    const translation = new Translation(old, layout);
    const frontier = this.#frontier;
    this.#frontier = frontier.translated(layout.words, (...move) => translation.copy(...move));
    this.#chunk = this.#frontier.current?.states ?? this.#chunk;
    const before = this.store;
    this.store = new Store(layout.wordBits, before.count);
    const batch = new Int32Array(BATCH * layout.words);
    const state = new Int32Array(old.words);
    let n = 0;
    for (let slot = 0; slot < before.slots; slot++) {
      if (!before.read(slot, state, 0)) continue;
      translation.copy(state, 0, batch, n++ * layout.words);
      if (n < BATCH) continue;
      this.store.insert(batch, n, this.#fresh);
      n = 0;
    }
    this.store.insert(batch, n, this.#fresh);
    this.peakBytes = Math.max(this.peakBytes, this.bytes + before.bytes + frontier.bytes);
    tries.relayout(layout);
    this.#kernel = new Kernel(tries, this.counts);
  }
}

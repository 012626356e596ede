// The steps of a search, long because they share its chunk, batch, layout and store.
import type { Model } from '../spec/index.ts';
import { type Checkpoint, CheckpointMismatch } from './checkpoint.ts';
import { Findings } from './findings.ts';
import { CHUNK, Frontier } from './frontier.ts';
import { Graph } from './graph.ts';
import { Kernel } from './kernel.ts';
import { Knowledge, Overflow, type Spot } from './knowledge.ts';
import { type Layout, Translation } from './layout.ts';
import { LeftOut, Refuted } from './left-out.ts';
import { Lessons } from './lessons.ts';
import { fullReason, limitReached, outerLimit } from './limits.ts';
import { Crew, Partitions, ThreadLost, workersOf } from './parallel/index.ts';
import type { Plan } from './plan.ts';
import { Recent } from './recent.ts';
import { BEGIN_AGAIN, type Reducing } from './reducing.ts';
import { refill } from './refill.ts';
import { REHEARSED, Rehearsal } from './rehearsal.ts';
import type { CheckOptions, Progress, Workers } from './result.ts';
import { Retrace } from './retrace.ts';
import { earlyLayout, roomyLayout } from './room.ts';
import { Scouts } from './scout.ts';
import { Allowance, type CopyState, Store, StoreFull } from './store/index.ts';
import { Unsettled } from './stuck/index.ts';
import { Tree } from './tree.ts';
import type { ValueTable } from './values.ts';

/** Successors of which it is noted at a time which were new, at first. */
const FRESH = 1 << 13;
/** Levels with fewer states are worked off by one thread, until there is one with more. */
const WORTH_THREADS = 1 << 16;
/** Milliseconds after which the rest of the program gets a turn. */
const TURN = 80;

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
  /** Where the states are; without stores of its own as long as the threads keep them. */
  store: Store | Partitions;
  /** Looks for stuck threads, if that is asked. */
  readonly unsettled: readonly Unsettled[];
  states = 0;
  readonly counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  depth = 0;
  peakBytes = 0;
  /** Why the search ended early. */
  stopped: string | undefined;
  readonly #options: CheckOptions;
  readonly #workers: Workers;
  readonly #tree: Tree;
  readonly #lessons: Lessons;
  readonly #asked: ReadonlySet<string>;
  /** Slots that keep their initial value and take no bits: of observers that no selected property reads, and what else is left out. */
  readonly #unused: ReadonlySet<number>;
  /** Says which successors to keep, if the search is reduced. */
  readonly #pass: Reducing | undefined;
  readonly #allowance = new Allowance();
  #frontier: Frontier;
  /** The states that are being expanded: some of one level. */
  #chunk: Int32Array = new Int32Array(0);
  #chunkCount = 0;
  #kernel: Kernel;
  #recent: Recent;
  /** Of the successors, which were new; then where they lie. */
  #fresh = new Int32Array(FRESH);
  /** The number of the first state of the chunk, and how many of it are done. */
  #base = 0;
  #expanded = 0;
  readonly #scouts = new Scouts();
  /** The way to where another search was, until this one is there. */
  #retrace: Retrace | undefined;
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  /** How many leaves there were when the level began, and whether the level before it had added some. */
  #leavesBefore = 0;
  #isLearning = true;
  /** The threads that share the work, once there is enough of it. */
  #crew: Crew | undefined;
  /** When the rest of the program last had its turn: levels may be many and short. */
  #yielded = this.#started;

  constructor(model: Model, plan: Plan, options: CheckOptions, pass?: Reducing, leftOut = new LeftOut()) {
    this.#pass = pass;
    this.#tree = new Tree(pass?.wayOf ? 3 : 1);
    // The tree that it goes on from is as large as its own.
    this.#options = { ...options, resume: undefined };
    this.#retrace = options.resume && new Retrace(options.resume);
    this.#secondsBefore = options.resume?.seconds ?? 0;
    this.#workers = workersOf(options.workers);
    this.#asked = plan.names;
    const ghosts = model.observers.map(o => o.variable.slot);
    this.#unused = new Set([...leftOut.slots, ...ghosts.filter(slot => !plan.observed.has(slot))]);
    this.knowledge = new Knowledge(
      model,
      plan.checks,
      plan.plain,
      ({ tables }) => earlyLayout(tables, this.#unused),
      this.findings,
      place => this.graph.pathTo(place).path,
      { noted: options.ledger ? plan.properties : undefined, known: options.known, leftOut },
    );
    this.graph = new Graph(this.knowledge, this.#tree, pass);
    this.unsettled = plan.properties.some(({ kind }) => kind === 'stuck') ? Unsettled.of(this.knowledge) : [];
    this.#lessons = new Lessons(this.knowledge, plan, pass, ordinals => this.graph.statesOf(ordinals));
    this.store = new Store(this.layout.wordBits, 0, this.#allowance, this.layout.starts);
    this.#frontier = new Frontier(this.layout.words);
    this.#recent = new Recent(this.layout.words);
    this.#kernel = new Kernel(this.knowledge.tries, this.counts);
  }

  /** The variables that its states do not have. */
  get leftOut(): LeftOut {
    return this.knowledge.learner.leftOut;
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
        await this.#lookAhead();
        this.#lessons.lookOver(this.states);
        count = this.#frontier.nextLevel();
        if (count === 0) {
          await this.#expandLeft();
          count = this.#frontier.nextLevel();
        }
        if (count === 0 || this.stopped) break;
        this.depth++;
      }
      if (this.#retrace && !this.stopped) throw new CheckpointMismatch('its states come to an end before');
      if (this.stopped && !this.#retrace) this.#options.checkpoint?.keep(this.#checkpoint());
      if (this.store instanceof Partitions && !this.stopped) this.store = await (this.#crew as Crew).collect();
    } catch (error) {
      if (error instanceof StoreFull) this.stopped = fullReason(this.#options);
      else if (error instanceof ThreadLost) this.stopped = error.message;
      else if (!(error instanceof Refuted)) throw error;
    } finally {
      this.#crew?.end();
    }
    if (this.leftOut.isRefuted) this.stopped = BEGIN_AGAIN;
    this.#notePeak();
  }

  get bytes(): number {
    const shared = this.#crew?.bytes ?? 0;
    const kept = this.unsettled.reduce((sum, { bytes }) => sum + bytes, 0);
    return kept + this.store.bytes + shared + this.#tree.bytes + this.#frontier.bytes + this.#kernel.batch.byteLength;
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
    (this.store as Store).insert(initial, 1, this.#fresh);
    this.#frontier.add(initial, Int32Array.of(0), 1);
    this.states = 1;
  }

  /** Meets late values ahead of the search, if it is time and there may be any, and makes room for them. */
  async #lookAhead(): Promise<void> {
    const { model, learner } = this.knowledge;
    const grows = this.#scouts.send(model, learner, this.states);
    const kept = this.#scouts.sent > 1 ? this.layout.bits : [];
    if (grows) await this.#relayout(roomyLayout(learner.tables, this.#unused, [], kept, grows, this.states));
  }

  async #expandLevel(count: number): Promise<void> {
    const leaves = this.knowledge.tries.leaves.length;
    this.#isLearning = leaves > this.#leavesBefore;
    this.#leavesBefore = leaves;
    const sample = this.depth < 50 || this.depth % 64 === 0 ? (this.depth * 7919) % count : -1;
    let done = 0;
    while (!this.stopped && this.#nextChunk()) {
      if (sample >= done && sample < done + this.#chunkCount) this.knowledge.checkPurity(this.#spot(sample - done));
      done += this.#chunkCount;
      if (count >= this.#worthThreads) await this.#callCrew();
      while (this.#expanded < this.#chunkCount && !this.stopped) {
        if (this.store instanceof Partitions) await this.#expandTogether();
        else await this.#expandAlone();
        this.#lookBack();
        this.#applyLimits();
      }
      if (!this.stopped) for (const part of this.unsettled) part.look(this.#chunk, this.#chunkCount);
    }
  }

  /** Expands the chunk, or what there is of it before the checkpoint that the search is on the way to. */
  async #expandAlone(): Promise<void> {
    const end = Math.min(this.#chunkCount, (this.#retrace?.end ?? Number.POSITIVE_INFINITY) - this.#base);
    while (this.#expanded < end && !this.stopped) {
      await this.#expandSome(end);
      if (this.#kernel.isFull) this.#flush();
      await this.#giveTurn();
    }
    this.#flush();
  }

  /** Expands what the reduction has left, when there are no states any more that have not been expanded. */
  async #expandLeft(): Promise<void> {
    this.#base += this.#chunkCount;
    this.#chunkCount = 0;
    this.#expanded = 0;
    while (!this.stopped && this.#pass?.hasLeft?.()) {
      await this.#expandSome(0);
      this.#flush();
      await this.#giveTurn();
      this.#applyLimits();
    }
    if (this.#pass?.isRehearsed?.(this.states, true)) this.stopped ??= BEGIN_AGAIN;
  }

  /** Expands the chunk with several threads, in one round, or in more when the layout has to be wider. */
  async #expandTogether(): Promise<void> {
    const crew = this.#crew as Crew;
    while (this.#expanded < this.#chunkCount && !this.stopped) {
      if (!crew.isExpanding) crew.begin(this.#lessons.roots, this.#chunk, this.#expanded, this.#chunkCount);
      await crew.expand();
      // While the outcome is sorted, the other threads can begin with the states that follow, unless there is something to learn first.
      const next = this.#frontier.following;
      if (next && crew.isWhole) crew.begin(this.#lessons.roots, next.states, 0, next.count);
      let overflow: Overflow | undefined;
      this.#kernel = crew.kernel;
      this.#expanded = crew.complete((from, end) => {
        this.#expanded = from;
        try {
          while (this.#expanded < end) this.#expandOrLearn(end);
        } catch (error) {
          if (!(error instanceof Overflow)) throw error;
          overflow = error;
        }
        return this.#expanded;
      });
      await crew.insert();
      if (next && !overflow && !crew.isExpanding) crew.begin(this.#lessons.roots, next.states, 0, next.count);
      const base = this.#base;
      this.states += crew.merge(this.counts, (states, places, parents, transitions, n) => {
        for (let i = 0; i < n; i++) this.#tree.add(base + (parents[i] as number), transitions[i] as number);
        this.#frontier.add(states, places, n);
      });
      if (overflow) await this.#widen();
      await this.#giveTurn();
    }
  }

  /**
   * How many states a level must have for threads to share it. Folded states are moved to another layout by making all parts anew: no number
   * will do as long as a level still teaches something.
   */
  get #worthThreads(): number {
    return this.#workers.from ?? (this.layout.isLong && this.#isLearning ? Number.POSITIVE_INFINITY : WORTH_THREADS);
  }

  /** Lets other threads take part from now on, if that is wanted, as soon as they are there. */
  async #callCrew(): Promise<void> {
    const { count, unit, wait } = this.#workers;
    if (this.store instanceof Partitions || count < 2 || this.#retrace || this.#pass) return;
    this.#crew ??= new Crew(count, this.knowledge.tries, this.#allowance, CHUNK, unit);
    if (wait) await this.#crew.started();
    if (!this.#crew.isReady) return;
    const bytes = this.#storeBytes;
    await this.#crew.adopt(this.store, this.layout);
    this.store = new Partitions([], this.layout.words);
    this.peakBytes = Math.max(this.peakBytes, this.bytes + bytes);
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

  /** Reports, gives signal handlers and timers their turn, and asks what they and the clock say, if it is time. */
  async #giveTurn(): Promise<void> {
    if (performance.now() - this.#yielded <= TURN) return;
    this.#options.onProgress?.(this.progress());
    await new Promise<void>(resolve => setImmediate(resolve));
    this.#yielded = performance.now();
    this.stopped ??= outerLimit(this.#options, this.seconds);
  }

  #applyLimits(): void {
    const { states, seconds } = this;
    const bytes = this.bytes + this.knowledge.tries.bytes;
    this.#notePeak();
    this.#pass?.verify?.();
    this.#allowance.left = (this.#options.maxMemory ?? Number.POSITIVE_INFINITY) - bytes;
    if (this.#options.first && this.findings.concern(this.#asked))
      this.stopped ??= 'the search ended at the first violation';
    else if (this.#pass?.isRehearsed?.(states, false)) this.stopped ??= BEGIN_AGAIN;
    else if (this.leftOut instanceof Rehearsal && this.leftOut.isEnough(states)) this.stopped ??= REHEARSED;
    else this.stopped ??= limitReached(this.#options, { states, bytes, seconds });
  }

  #notePeak(): void {
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /** Expands states of the chunk up to `end`, until the batch is full, something is learned, or the layout has to be wider. */
  async #expandSome(end: number): Promise<void> {
    try {
      this.#expandOrLearn(end);
    } catch (error) {
      if (!(error instanceof Overflow)) throw error;
      await this.#widen();
    }
  }

  /** @throws Overflow */
  #expandOrLearn(end: number): void {
    const kernel = this.#kernel;
    const { roots } = this.#lessons;
    this.#expanded = this.#pass
      ? this.#pass.expand(kernel, this.#chunk, this.#expanded, end, roots, this.knowledge, this.#base)
      : kernel.expand(this.#chunk, this.#expanded, end, roots);
    if (!kernel.missing) return;
    const here = this.#pass?.spot?.() ?? this.#spot(this.#expanded);
    this.#lessons.learn(kernel.missing, kernel, this.#expanded, here);
  }

  /** Makes room for values that do not fit their bits. */
  async #widen(): Promise<void> {
    const { bits } = this.layout;
    const { tables } = this.knowledge.learner;
    const grows = (slot: number) => (tables[slot] as ValueTable).values.length > 2 ** (bits[slot] as number);
    const isEarly = this.#scouts.sent === 0;
    if (isEarly) await this.#relayout(earlyLayout(tables, this.#unused, bits));
    else await this.#relayout(roomyLayout(tables, this.#unused, bits, bits, grows, this.states));
  }

  #spot(cur: number): Spot {
    return { states: this.#chunk, base: cur * this.layout.words, ordinal: this.#base + cur };
  }

  /** Inserts the batch; the states that are new make the next level. */
  #flush(): void {
    const kernel = this.#kernel;
    const { batch, sources, ordinals } = kernel;
    const words = this.layout.words;
    kernel.dropKnown(this.#recent);
    const n = this.#retrace?.thin(batch, words, sources, ordinals, this.#base, kernel.batched) ?? kernel.batched;
    kernel.batched = 0;
    if (n === 0) return;
    if (this.#fresh.length < n) this.#fresh = new Int32Array(2 * n);
    const fresh = (this.store as Store).insert(batch, n, this.#fresh);
    if (this.#retrace && fresh < n) throw new CheckpointMismatch('it has a state twice');
    for (let i = 0; i < fresh; i++) {
      const at = this.#fresh[i] as number;
      this.#tree.add(this.#base + (sources[at] as number), ordinals[at] as number);
      this.#fresh[i] = at * words;
    }
    this.#frontier.add(batch, this.#fresh, fresh);
    this.states += fresh;
  }

  /** Encodes states and tries anew; the search goes on where it was. */
  async #relayout(layout: Layout): Promise<void> {
    if (!(this.store instanceof Partitions)) this.#flush();
    const old = this.layout;
    const { learner, tries } = this.knowledge;
    learner.overflow = false;
    if (layout.bits.every((bits, slot) => bits === old.bits[slot])) return;
    const translation = new Translation(old, layout);
    const copy: CopyState = (...move) => translation.copy(...move);
    const frontier = this.#frontier;
    this.#frontier = frontier.translated(layout.words, copy);
    this.#chunk = this.#frontier.current?.states ?? this.#chunk;
    const before = this.store;
    const bytes = this.#storeBytes;
    const { wordBits, starts } = layout;
    const replaced = before instanceof Store ? before.relayout(copy, wordBits, starts) : 0;
    if (before instanceof Partitions) await (this.#crew as Crew).move(translation, this.states);
    else if (replaced === 0) {
      this.store = new Store(wordBits, before.count, this.#allowance, starts);
      refill(before, this.store, translation);
    }
    this.peakBytes = Math.max(this.peakBytes, this.bytes + frontier.bytes + (replaced || bytes));
    tries.relayout(layout);
    this.#recent = new Recent(layout.words);
    this.#lessons.openedAt(this.states);
    this.#kernel = new Kernel(tries, this.counts);
  }

  get #storeBytes(): number {
    return this.store.bytes + (this.#crew?.storeBytes ?? 0);
  }
}

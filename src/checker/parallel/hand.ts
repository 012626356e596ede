import { hashAll } from '../hashes.ts';
import { type Counts, Kernel, type Roots } from '../kernel.ts';
import type { Translation } from '../layout.ts';
import type { Lookup } from '../lookup.ts';
import { Recent } from '../recent.ts';
import { Allowance, Store } from '../store/index.ts';
import { word } from './control.ts';
import { partitionOf } from './partitions.ts';
import {
  CANDIDATES,
  COUNT,
  CUT,
  END,
  FINAL,
  FRESH,
  LEFT,
  newBuffers,
  PART,
  PARTS,
  PLACE,
  Round,
  type RoundBuffers,
  SOURCES,
  TERMINAL,
  TRANSITIONS,
  WRITER,
} from './round.ts';

/** What the threads of a search have in common from its beginning on. */
export interface Common {
  readonly control: Int32Array;
  readonly threads: number;
  /** What all stores may still take: the cell of an Allowance. */
  readonly allowance: Int32Array;
  readonly buffers: readonly [RoundBuffers, RoundBuffers];
}

/** What threads must know to expand states; it changes when something is learned and when the layout does. */
export interface Briefing {
  readonly cells: Int32Array;
  readonly words: number;
  readonly roots: Roots;
  /** The chunks of states of two rounds. */
  readonly chunks: readonly [Int32Array, Int32Array];
}

/** States that a thread moves to a new store at a time. */
const MOVED = 1 << 13;

/** A store whose states go elsewhere, those up to a slot are gone. */
interface Move {
  readonly from: Store;
  readonly slot: number;
  readonly translation: Translation;
  readonly batch: Int32Array;
}

/** What a search over so many threads begins with. @param units how many a round has at most */
export function newCommon(control: Int32Array, threads: number, allowance: Int32Array, units: number): Common {
  const records = Math.max(2 * units, threads);
  return { control, threads, allowance, buffers: [newBuffers(threads, records), newBuffers(threads, records)] };
}

/** What one thread does: it expands units of states, and keeps one partition of the store. */
export class Hand {
  readonly rounds: readonly [Round, Round];
  kernel: Kernel;
  store = new Store([0]);
  /** Words of the states in it. */
  #words = 1;
  #move: Move | undefined;
  readonly #number: number;
  readonly #control: Int32Array;
  readonly #allowance: Allowance;
  readonly #threads: number;
  readonly #lookup: Lookup;
  readonly #counts: Counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  #briefing: Briefing | undefined;
  // Scratch: of each partition where its next state goes, and its position.
  readonly #next: Int32Array;
  readonly #positions: Int32Array;
  #recent = new Recent(1);

  /** @param number 0 for the main thread, which keeps the first partition @param lookup what is learned */
  constructor({ control, threads, allowance, buffers }: Common, number: number, lookup: Lookup) {
    this.#allowance = new Allowance(allowance);
    this.#lookup = lookup;
    this.#control = control;
    this.#threads = threads;
    this.#number = number;
    this.#next = new Int32Array(threads);
    this.#positions = new Int32Array(threads);
    this.rounds = [new Round(buffers[0]), new Round(buffers[1])];
    this.kernel = this.#newKernel();
  }

  brief(briefing: Briefing): void {
    const before = this.#briefing?.words;
    this.#briefing = briefing;
    this.#lookup.cells = briefing.cells;
    this.#lookup.words = briefing.words;
    if (before !== briefing.words) this.kernel = this.#newKernel();
    this.kernel.forget();
    // A round that was cut short has states in it that were never inserted; it ends with a new layout.
    this.#recent = new Recent(briefing.words);
  }

  /** Makes room for what it will make of the round that has begun. */
  beginRound(): void {
    (this.rounds[this.#control[word.buffer] as number] as Round).reset(this.#number);
  }

  /** Takes a unit of the round that has begun and expands it. @returns false when there is none left */
  expandUnit(): boolean {
    const control = this.#control;
    const [from, end, size] = [control[word.from], control[word.end], control[word.size]] as [number, number, number];
    const { chunks, roots } = this.#briefing as Briefing;
    const unit = Atomics.add(control, word.next, 1);
    const first = from + unit * size;
    if (first >= end) return false;
    const buffer = control[word.buffer] as number;
    this.kernel.raceSeen = -1;
    const left = this.kernel.expand(chunks[buffer] as Int32Array, first, Math.min(first + size, end), roots);
    this.record(buffer, 2 * unit, left, this.#recent);
    return true;
  }

  /**
   * Writes down what the kernel has made since the last time as part `index` of the round.
   *
   * @param left the first state that it left
   * @param recent what was made before it by this thread, in this order
   */
  record(buffer: number, index: number, left: number, recent: Recent | undefined): void {
    const round = this.rounds[buffer] as Round;
    const { records } = round;
    const counts = this.#counts;
    const record = index * round.width;
    records[record + WRITER] = this.#number;
    records[record + LEFT] = left;
    records[record + TRANSITIONS] = counts.transitions;
    records[record + TERMINAL] = counts.terminal;
    records[record + FINAL] = counts.final;
    records[record + CUT] = counts.cut;
    counts.transitions = counts.terminal = counts.final = counts.cut = 0;
    const { kernel } = this;
    if (recent) kernel.dropKnown(recent);
    else kernel.hashAll();
    const { batch, sources, ordinals, hashes, batched: n } = kernel;
    this.#divide(round, record, batch, n, this.#lookup.words, hashes);
    const at = round.take(this.#number, 2 * n);
    const arena = round.ownArena(this.#number);
    arena.set(sources.subarray(0, n), at);
    arena.set(ordinals.subarray(0, n), at + n);
    records[record + SOURCES] = at;
    records[record + CANDIDATES] = n;
    records[record + END] = at + 2 * n;
    kernel.batched = 0;
  }

  /** Sorts a batch into the arena, each state to the partition in which it belongs. @param hashes of the states: they are overwritten */
  #divide(round: Round, record: number, batch: Int32Array, n: number, words: number, hashes: Int32Array): void {
    const { records } = round;
    const threads = this.#threads;
    const [next, positions] = [this.#next, this.#positions];
    // How many there are in each, and then where the next of each goes.
    next.fill(0);
    for (let i = 0; i < n; i++) {
      const partition = partitionOf(hashes[i] as number, threads);
      hashes[i] = partition;
      next[partition] = (next[partition] as number) + 1;
    }
    let at = round.take(this.#number, n * (words + 2));
    const arena = round.ownArena(this.#number);
    for (let partition = 0; partition < threads; partition++) {
      const part = record + PARTS + partition * PART;
      const size = next[partition] as number;
      records[part + PLACE] = at;
      records[part + COUNT] = size;
      records[part + FRESH] = 0;
      next[partition] = at;
      positions[partition] = at + size * words;
      at += size * (words + 2);
    }
    for (let i = 0; i < n; i++) {
      const partition = hashes[i] as number;
      const to = next[partition] as number;
      const position = positions[partition] as number;
      if (words === 2) {
        arena[to] = batch[2 * i] as number;
        arena[to + 1] = batch[2 * i + 1] as number;
      } else for (let j = 0; j < words; j++) arena[to + j] = batch[i * words + j] as number;
      arena[position] = i;
      next[partition] = to + words;
      positions[partition] = position + 1;
    }
    records[record + END] = at;
  }

  /** Writes down that there is nothing in part `index` of the round. */
  recordNothing(buffer: number, index: number): void {
    const { records, width } = this.rounds[buffer] as Round;
    records.fill(0, index * width, (index + 1) * width);
  }

  /** Inserts the candidates of its partition, in order, and notes which were new. @throws StoreFull */
  insert(buffer: number): void {
    const round = this.rounds[buffer] as Round;
    const { records, width } = round;
    const words = this.#words;
    const parts = this.#control[word.parts] as number;
    this.store.reserve(this.#control[word.room] as number);
    for (let index = 0; index < parts; index++) {
      const part = index * width + PARTS + this.#number * PART;
      const count = records[part + COUNT] as number;
      if (count === 0) continue;
      const arena = round.arenaOf(index * width);
      const place = records[part + PLACE] as number;
      const positions = place + count * words;
      const states = arena.subarray(place, positions);
      records[part + FRESH] = this.store.insert(
        states,
        count,
        arena.subarray(positions + count, positions + 2 * count),
      );
    }
    this.#control[word.kibibytes + this.#number] = this.store.bytes >> 10;
    this.#control[word.states + this.#number] = this.store.count;
  }

  /**
   * Begins to move its part of the store to partitions in another layout.
   *
   * @param room states that its new partition will hold at least: they may come in the order in which its table has them
   */
  beginMove(translation: Translation, room: number): void {
    const { store: from } = this;
    this.#words = translation.to.words;
    this.#move = { from, slot: 0, translation, batch: new Int32Array(MOVED * this.#words) };
    this.store = new Store(translation.to.wordBits, room, this.#allowance);
  }

  /** Sorts some states of the old store by the partitions to which they go. */
  move(buffer: number): void {
    const round = this.rounds[buffer] as Round;
    const record = this.#number * round.width;
    round.reset(this.#number);
    this.recordNothing(buffer, this.#number);
    if (!this.#move) return;
    round.records[record + WRITER] = this.#number;
    const { from, translation, batch } = this.#move;
    let { slot } = this.#move;
    const state = new Int32Array(translation.from.words);
    let n = 0;
    for (; slot < from.slots && n < MOVED; slot++) {
      if (from.read(slot, state, 0)) translation.copy(state, 0, batch, n++ * this.#words);
    }
    const hashes = new Int32Array(n);
    hashAll(batch, n, this.#words, hashes);
    this.#divide(round, record, batch, n, this.#words, hashes);
    this.#move = slot < from.slots ? { from, slot, translation, batch } : undefined;
    if (this.#move) Atomics.add(this.#control, word.moving, 1);
  }

  /** Gives its partition away. */
  giveStore(): Store {
    const { store } = this;
    this.store = new Store([0]);
    return store;
  }

  #newKernel(): Kernel {
    return new Kernel(this.#lookup, this.#counts, Number.POSITIVE_INFINITY);
  }
}

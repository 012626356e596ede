import type { Thread } from '../../spec/index.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Layout, Translation } from '../layout.ts';
import { type Explored, LastLook } from './last-look.ts';
import { Settled, TOGETHER } from './settled.ts';
import { Walks } from './walks.ts';

/** How much is kept, and tried. */
const LIMITS = {
  /** States that are kept before it is tried whether walks settle them. */
  firstTry: 1 << 10,
  /** Walks of one try that may fail. */
  patience: 64,
  /** States that are kept at most, unless they are no more than one of so many. */
  most: 1 << 16,
  part: 16,
  /** Ways out that may be learned before they must pay: by so many states for each. */
  ways: 1 << 8,
  gain: 4,
};

/**
 * Looks for stuck threads while a search goes on: keeps the states of which it is not known that each thread can move, or rest, in
 * them or in one behind them. Nearly all are settled by what walks from a few of them tell.
 */
export class Unsettled {
  readonly settled: Settled;
  readonly #knowledge: Knowledge;
  readonly #walks: Walks;
  /** The states, packed, and in what layout; undefined when there were too many. */
  #states: Int32Array | undefined = new Int32Array(0);
  #layout: Layout;
  #count = 0;
  readonly #limits: typeof LIMITS;
  #tryAt: number;
  #seen = 0;

  constructor(knowledge: Knowledge, threads: readonly Thread[], limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#tryAt = this.#limits.firstTry;
    this.#knowledge = knowledge;
    this.#layout = knowledge.tries.layout;
    this.settled = new Settled(knowledge, threads);
    this.#walks = new Walks(knowledge, this.settled);
  }

  /** One for as many threads as are looked at together. */
  static of(knowledge: Knowledge): readonly Unsettled[] {
    const { threads } = knowledge.model;
    const parts = Array.from({ length: Math.ceil(threads.length / TOGETHER) }, (_, i) =>
      threads.slice(i * TOGETHER, (i + 1) * TOGETHER),
    );
    return parts.map(part => new Unsettled(knowledge, part));
  }

  /** How many states are kept. */
  get kept(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#states?.byteLength ?? 0;
  }

  /** Looks at the first `n` of some states, all of whose steps are learned. */
  look(states: Int32Array, n: number): void {
    if (!this.#states) return;
    const { firstTry, patience, most, part, ways, gain } = this.#limits;
    this.#enter();
    const { words } = this.#layout;
    for (let i = 0; i < n; i++) if (!this.#walks.areKnown(states, i * words)) this.#keep(states, i * words);
    this.#seen += n;
    if (this.#count >= this.#tryAt) {
      this.#try(patience);
      this.#tryAt = Math.max(firstTry, 2 * this.#count);
    }
    const hasTooMany = this.#count > most && this.#count > this.#seen / part;
    const paysNot = this.#walks.ways > ways && this.#walks.told < gain * this.#walks.ways;
    if (hasTooMany || paysNot) this.#giveUp();
  }

  /** The slots of the states that are left when all have been looked at. */
  left(explored: Explored): readonly number[] {
    if (!this.#states) return new LastLook(explored, this.settled).atAll();
    this.#enter();
    this.#try(0);
    const [states, { words }] = [this.#states, this.#layout];
    const slots = Array.from({ length: this.#count }, (_, i) => explored.store.find(states, i * words));
    return slots.length === 0 ? slots : new LastLook(explored, this.settled).at(slots);
  }

  #giveUp(): void {
    this.#states = undefined;
    this.#count = 0;
  }

  #keep(states: Int32Array, base: number): void {
    const { words } = this.#layout;
    let kept = this.#states as Int32Array;
    const at = this.#count++ * words;
    if (at === kept.length) {
      const larger = new Int32Array(Math.max(this.#limits.firstTry * words, 2 * at));
      larger.set(kept);
      this.#states = larger;
      kept = larger;
    }
    for (let j = 0; j < words; j++) kept[at + j] = states[base + j] as number;
  }

  /**
   * Lets go of states that are settled by now, and of those from which walks come to where each thread is. Where one fails those beside it are likely to, so
   * the next one begins further on.
   *
   * @param patience walks that may fail; 0: none begins
   */
  #try(patience: number): void {
    const { words } = this.#layout;
    const states = this.#states as Int32Array;
    const count = this.#count;
    const state = new Int32Array(words);
    let next = patience === 0 ? count : 0;
    this.#count = 0;
    for (let i = 0; i < count; i++) {
      if (this.#walks.areTold(states, i * words)) continue;
      for (let j = 0; j < words; j++) state[j] = states[i * words + j] as number;
      if (i >= next) {
        if (this.#walks.from(state)) continue;
        next = i + count / patience;
      }
      // Never more than there were: the array stays.
      this.#keep(states, i * words);
    }
  }

  /** Puts the states into the layout of today. */
  #enter(): void {
    const { layout } = this.#knowledge.tries;
    if (this.#layout === layout) return;
    const translation = new Translation(this.#layout, layout);
    const [from, to] = [this.#layout.words, layout.words];
    const old = this.#states as Int32Array;
    const states = new Int32Array(this.#count * to);
    for (let i = 0; i < this.#count; i++) translation.copy(old, i * from, states, i * to);
    this.#states = states;
    this.#layout = layout;
  }
}

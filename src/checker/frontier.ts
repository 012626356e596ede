import type { CopyState } from './store/index.ts';

/** States of a chunk. */
export const CHUNK = 1 << 13;

/** Some states of one level, packed, in the order of their discovery. */
interface Chunk {
  readonly states: Int32Array;
  count: number;
}

/**
 * The states that were found and not yet expanded, level by level, in the order of their discovery. They lie in chunks that are
 * used again once their states are expanded, so that two levels take little more memory than the larger one.
 */
export class Frontier {
  readonly #words: number;
  /** Chunks of the level at hand that are still to be handed out, and those of the next one. */
  #level: Chunk[] = [];
  #next: Chunk[] = [];
  #free: Chunk[] = [];
  /** The chunk that was handed out last. */
  #current: Chunk | undefined;
  #made = 0;

  constructor(words: number) {
    this.#words = words;
  }

  get bytes(): number {
    return this.#made * CHUNK * this.#words * 4;
  }

  /** Adds `n` states to the next level, which lie at some places. */
  add(states: Int32Array, places: Int32Array, n: number): void {
    for (let from = 0; from < n; ) {
      let last = this.#next.at(-1);
      if (!last || last.count === CHUNK) {
        last = this.#newChunk();
        this.#next.push(last);
      }
      const to = Math.min(n, from + CHUNK - last.count);
      this.#copy(states, places, from, to, last);
      from = to;
    }
  }

  #copy(states: Int32Array, places: Int32Array, from: number, to: number, chunk: Chunk): void {
    const words = this.#words;
    let at = chunk.count * words;
    for (let i = from; i < to; i++) {
      const place = places[i] as number;
      for (let j = 0; j < words; j++) chunk.states[at++] = states[place + j] as number;
    }
    chunk.count += to - from;
  }

  /** Makes the next level the one at hand. @returns how many states it has */
  nextLevel(): number {
    this.#level = this.#next.reverse();
    this.#next = [];
    return this.#level.reduce((sum, { count }) => sum + count, 0);
  }

  /** The next states of the level at hand; those handed out before are forgotten. None at its end. */
  nextChunk(): Chunk | undefined {
    if (this.#current) this.#free.push(this.#current);
    this.#current = this.#level.pop();
    return this.#current;
  }

  /** The same states in another layout, the chunk that was handed out included. */
  translated(words: number, copy: CopyState): Frontier {
    const other = new Frontier(words);
    const convert = ({ states, count }: Chunk): Chunk => {
      const chunk = other.#newChunk();
      for (let i = 0; i < count; i++) copy(states, i * this.#words, chunk.states, i * words);
      chunk.count = count;
      return chunk;
    };
    other.#level = this.#level.map(convert);
    other.#next = this.#next.map(convert);
    other.#current = this.#current && convert(this.#current);
    return other;
  }

  get current(): Chunk | undefined {
    return this.#current;
  }

  /** The chunk of the level that will be handed out next. */
  get following(): Chunk | undefined {
    return this.#level.at(-1);
  }

  #newChunk(): Chunk {
    const chunk = this.#free.pop();
    if (chunk) {
      chunk.count = 0;
      return chunk;
    }
    this.#made++;
    return { states: new Int32Array(CHUNK * this.#words), count: 0 };
  }
}

import { Answered } from './answered.ts';
import { END_FIELD, FIELD, FIRST_FIELD, FROM, type Groups, HEAD, TABLE_AT, TO } from './decision-tables.ts';
import { hashAll } from './hashes.ts';
import { applyLeaf, denseChild, FORMS, LEAF, LEAF_HEADER, type Lookup, residualsOf, VIEW } from './lookup.ts';
import type { Recent } from './recent.ts';
import type { Viewed } from './views.ts';

/** What an expansion needs to know and nobody has learned yet. */
export type Missing =
  | { readonly what: 'agent'; readonly agent: number }
  /** The n-th residual of an agent's leaf, for the pair of states in `pair`. */
  | { readonly what: 'residual'; readonly agent: number; readonly leaf: number; readonly n: number }
  | { readonly what: 'state' | 'final'; readonly watch: number }
  /** Nothing is missing, but two enabled steps may race. */
  | { readonly what: 'race' };

/** What is counted over all states expanded. */
export interface Counts {
  transitions: number;
  terminal: number;
  final: number;
  cut: number;
}

/** The tries that are walked for each state, by where they begin. */
export interface Roots {
  readonly agents: Int32Array;
  /** How agents are looked up together. */
  readonly groups: Groups;
  /** Asked in each state, and in each final state. */
  readonly states: Int32Array;
  /** The tries of `states`, divided by what they look at, once there are views. */
  readonly viewed: readonly Viewed[];
  readonly finals: Int32Array;
  /** Bits of the plain variables that are watched for races. */
  readonly plain: number;
}

/** Successors that are inserted into the store at a time, by default. */
const BATCH = 1 << 12;
/** States for which leaves are looked up together. */
const AHEAD = 128;

/**
 * The inner loop: makes the successors of states by tables alone. It runs no user code: where a table has no answer it stops, says what
 * is missing, and begins with that state again when it is called again.
 */
export class Kernel {
  /** The successors made so far: packed states, the place of the state that each comes from in its chunk, and which it is of those. */
  batch: Int32Array;
  sources = new Int32Array(2 * BATCH);
  ordinals = new Int32Array(2 * BATCH);
  batched = 0;
  /** The hash of each, once those that are known were dropped, or all were hashed. */
  hashes = new Int32Array(0);
  missing: Missing | undefined;
  /** The states before and after a step, packed, one behind the other: what a missing residual is asked about. */
  pair: Int32Array;
  readonly counts: Counts;
  /** The state, by its place, whose races were looked at by others. */
  raceSeen = -1;
  #found = new Int32Array(0);
  readonly #words: number;
  readonly #tries: Lookup;
  readonly #limit: number;
  readonly #answered = new Answered();

  /** @param limit so many successors make a full batch */
  constructor(tries: Lookup, counts: Counts, limit = BATCH) {
    this.#limit = limit;
    this.#tries = tries;
    this.counts = counts;
    this.#words = tries.words;
    this.batch = new Int32Array(2 * BATCH * this.#words);
    this.pair = new Int32Array(2 * this.#words);
  }

  get isFull(): boolean {
    return this.batched >= this.#limit;
  }

  /**
   * Expands states from `from` on, up to `end`, until the batch is full or something is missing.
   *
   * @returns the first state that was not expanded
   */
  expand(states: Int32Array, from: number, end: number, roots: Roots): number {
    const {
      agents,
      groups: { heads },
    } = roots;
    const { counts } = this;
    const words = this.#words;
    const limit = this.#limit;
    const tries = this.#tries;
    const { cells } = tries;
    let { batch, sources, ordinals } = this;
    let n = this.batched;
    this.missing = undefined;
    let found = this.#found;
    let lookedTo = from;
    let column = 0;
    let cur = from;
    for (; cur < end && n < limit; cur++) {
      const base = cur * words;
      let offered = 0;
      let cut = 0;
      let moved = 0;
      let reads = 0;
      let writes = 0;
      let conflict = 0;
      const word0 = states[base] as number;
      const word1 = states[base + 1] as number;
      if (cur === lookedTo) {
        lookedTo = Math.min(end, cur + AHEAD);
        column = 0;
        this.#look(states, cur, lookedTo, roots.groups);
        found = this.#found;
      }
      for (let head = 0, row = column++; head < heads.length; head += HEAD, row += AHEAD) {
        let leaf = found[row] as number;
        const to = heads[head + TO] as number;
        // By one leaf for the group, or agent by agent.
        for (let agent = leaf === 0 ? (heads[head + FROM] as number) : to - 1; agent < to; agent++, leaf = 0) {
          if (leaf === 0) {
            // The walk through dense nodes, here rather than called; whatever is rarer is left to `walk`.
            leaf = cells[agents[agent] as number] as number;
            while ((cells[leaf] as number) >= 0) leaf = denseChild(cells, leaf, states, base);
            if (cells[leaf] !== LEAF) {
              leaf = tries.walk(agents[agent] as number, states, base);
              if (leaf === 0) {
                this.missing = { what: 'agent', agent };
                return cur;
              }
            }
          }
          const successors = cells[leaf + 1] as number;
          const failed = cells[leaf + 4] as number;
          if (successors === 0 && failed === 0) continue;
          cut += failed;
          const w = cells[leaf + 6] as number;
          const r = cells[leaf + 5] as number;
          conflict |= (w & (reads | writes)) | (r & writes);
          reads |= r;
          writes |= w;
          if (successors === 0) continue;
          if ((n + successors) * words > batch.length) {
            this.#grow(n + successors);
            ({ batch, sources, ordinals } = this);
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
            sources[n] = cur;
            ordinals[n] = offered++;
            if ((change | open) !== 0) n++;
            moved |= change;
          }
          for (let i = 0; words !== 2 && i < successors; i++) {
            let at = n * words;
            let change = 0;
            for (let from = base; from < base + words; from++, at++, mask++) {
              const word = states[from] as number;
              const next = (word & (cells[mask] as number)) | (cells[mask + words] as number);
              batch[at] = next;
              change |= next ^ word;
            }
            mask += words;
            sources[n] = cur;
            ordinals[n] = offered++;
            // A step back to the state itself is counted, and there is nothing to insert.
            if ((change | open) !== 0) n++;
            moved |= change;
          }
          if (open !== 0) {
            const missing = this.#askOpen(leaf, states, base, first);
            if (missing >= 0) {
              this.missing = { what: 'residual', agent, leaf, n: missing };
              return cur;
            }
            for (let at = first * words; moved === 0 && at < n * words; at++) {
              moved = (batch[at] as number) ^ (states[base + (at % words)] as number);
            }
          }
        }
      }
      const isFinal = moved === 0 && cut === 0;
      if (isFinal) {
        const watch = this.#ask(roots.finals, states, base);
        if (watch >= 0) {
          this.missing = { what: 'final', watch };
          return cur;
        }
      }
      const watch =
        roots.viewed.length === 0 ? this.#ask(roots.states, states, base) : this.#askViewed(roots, states, base);
      if (watch >= 0) {
        this.missing = { what: 'state', watch };
        return cur;
      }
      if (roots.plain !== 0 && ((conflict & roots.plain) | (reads & FORMS)) !== 0 && this.raceSeen !== cur) {
        this.missing = { what: 'race' };
        return cur;
      }
      counts.transitions += offered;
      counts.cut += cut;
      if (offered === 0 && cut === 0) counts.terminal++;
      if (isFinal) counts.final++;
      this.batched = n;
    }
    return cur;
  }

  /** Looks up the leaves of groups for some states: a row for each group, with 0 where there is none. */
  #look(states: Int32Array, from: number, to: number, { heads, fields }: Groups): void {
    const { cells } = this.#tries;
    const words = this.#words;
    const rows = (heads.length / HEAD) * AHEAD;
    if (this.#found.length < rows) this.#found = new Int32Array(rows);
    const found = this.#found;
    const states0 = from * words;
    for (let head = 0, row = 0; head < heads.length; head += HEAD, row += AHEAD) {
      const end = row + to - from;
      const table = heads[head + TABLE_AT] as number;
      found.fill(table, row, end);
      if (table === 0) continue;
      const endField = heads[head + END_FIELD] as number;
      for (let field = heads[head + FIRST_FIELD] as number; field < endField; field += FIELD) {
        const shift = fields[field + 1] as number;
        const mask = fields[field + 2] as number;
        const left = fields[field + 3] as number;
        for (let i = row, at = states0 + (fields[field] as number); i < end; i++, at += words)
          found[i] = (found[i] as number) + ((((states[at] as number) >>> shift) & mask) << left);
      }
      for (let i = row; i < end; i++) found[i] = cells[found[i] as number] as number;
    }
  }

  /** The first of some tries that has no answer for the state at `base`, or -1. */
  #ask(roots: Int32Array, states: Int32Array, base: number): number {
    for (let i = 0; i < roots.length; i++) if (this.#tries.walk(roots[i] as number, states, base) === 0) return i;
    return -1;
  }

  /** The same of the tries asked in each state: those are passed over that have answered for what lies in view. */
  #askViewed(roots: Roots, states: Int32Array, base: number): number {
    const { cells } = this.#tries;
    for (const { roots: some, view } of roots.viewed) {
      if (view !== 0 && this.#answered.has(cells, view, states, base)) continue;
      if (this.#ask(some, states, base) >= 0) return this.#ask(roots.states, states, base);
      if (view !== 0) this.#answered.note();
    }
    return -1;
  }

  /**
   * Asks the checks that a leaf left open about its successors, which lie in the batch from `first` on; observers
   * write there.
   *
   * @returns the first residual that has no answer, or -1
   */
  #askOpen(leaf: number, states: Int32Array, base: number, first: number): number {
    const tries = this.#tries;
    const { cells } = tries;
    const { batch, pair } = this;
    const words = this.#words;
    const view = cells[leaf + VIEW] as number;
    if (view !== 0 && this.#answered.has(cells, view, states, base)) return -1;
    const count = cells[leaf + 3] as number;
    const list = residualsOf(cells, leaf, words);
    let paired = -1;
    let changes = 0;
    for (let n = 0; n < count; n++) {
      const successor = cells[list + 2 * n] as number;
      const at = (first + successor) * words;
      if (successor !== paired) {
        for (let j = 0; j < words; j++) {
          pair[j] = states[base + j] as number;
          pair[words + j] = batch[at + j] as number;
        }
        paired = successor;
      }
      const root = cells[list + 2 * n + 1] as number;
      let found = cells[root] as number;
      while ((cells[found] as number) >= 0) found = denseChild(cells, found, pair, 0);
      if (cells[found] !== LEAF) found = tries.walk(root, pair, 0);
      if (found === 0) return n;
      changes |= cells[found + 1] as number;
      if (cells[found + 1] !== 0) applyLeaf(cells, found, 0, words, batch, at, batch, at);
    }
    if (view !== 0 && changes === 0) this.#answered.note();
    return -1;
  }

  /** Forgets what it has found out by itself: the layout is another one. */
  forget(): void {
    this.#answered.clear();
  }

  /** Drops successors that were made, and looked up, lately. */
  dropKnown(recent: Recent): void {
    this.batched = recent.sift(this.batch, this.batched, this.sources, this.ordinals, this.#roomForHashes());
  }

  /** Works out the hashes of all successors. */
  hashAll(): void {
    hashAll(this.batch, this.batched, this.#words, this.#roomForHashes());
  }

  #roomForHashes(): Int32Array {
    if (this.hashes.length < this.batched) this.hashes = new Int32Array(this.sources.length);
    return this.hashes;
  }

  #grow(states: number): void {
    const larger = (old: Int32Array, length: number) => {
      const array = new Int32Array(Math.max(length, old.length));
      array.set(old);
      return array;
    };
    this.batch = larger(this.batch, 2 * states * this.#words);
    this.sources = larger(this.sources, 2 * states);
    this.ordinals = larger(this.ordinals, 2 * states);
  }
}

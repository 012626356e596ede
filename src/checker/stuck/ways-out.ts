import type { Knowledge } from '../knowledge.ts';
import type { Layout } from '../layout.ts';
import type { Leaf } from '../tries.ts';
import type { Taken } from './random-steps.ts';

/** A step of a walk, with the packed state that it was taken from. */
export interface WalkStep extends Taken {
  readonly state: Int32Array;
}

/** Slots, and the number of the value that each must have. */
type Way = ReadonlyMap<number, number>;

/** Ways out, those that are wanted often first; and packed, of each word of each a mask and what the masked word must be. */
interface Bundle {
  readonly ways: Way[];
  cells: Int32Array;
}

/** Ways out that begin with a step of one thread, or a flat action, by the number of that thread's program counter. */
interface Beginning {
  /** Of the program counter. */
  readonly slot: number;
  readonly bundles: (Bundle | undefined)[];
}

const NONE: readonly Beginning[] = [];
/** Ways of a bundle: where there would be more, it loses those that are wanted least. */
const MOST = 1 << 9;

/**
 * What walks tell about other states. Of a walk to a state in which a thread can move only some steps matter, and they look at few
 * variables: from every state that has the same values there the same steps lead to one in which the thread can move.
 * Such a partial state is a *way out*. It is worked out backwards, a weakest precondition of one step after the other (Dijkstra,
 * *Guarded commands, nondeterminacy and formal derivation of programs*, 1975): a step that writes nothing that is wanted later is
 * left out, any other one is wanted with all that it has read.
 */
export class WaysOut {
  readonly #knowledge: Knowledge;
  /** By the number of the program counter of the thread that wants to move. */
  readonly #beginnings: (Beginning[] | undefined)[] = [];
  readonly #slot: number;
  readonly #most: number;
  #layout: Layout;
  /** How many were learned. */
  learned = 0;

  /** @param slot the program counter of the thread that wants to move @param most ways of a bundle */
  constructor(knowledge: Knowledge, slot: number, most = MOST) {
    this.#most = most;
    this.#knowledge = knowledge;
    this.#slot = slot;
    this.#layout = knowledge.tries.layout;
  }

  /** A way out of the packed state at `base`, if one is known. */
  find(states: Int32Array, base: number): Way | undefined {
    const { layout } = this.#knowledge.tries;
    if (layout !== this.#layout) this.#enter(layout);
    for (const { slot, bundles } of this.#beginnings[layout.get(states, base, this.#slot)] ?? NONE) {
      const bundle = bundles[layout.get(states, base, slot)];
      const way = bundle && this.#fitting(bundle, states, base);
      if (way) return way;
    }
    return undefined;
  }

  #fitting(bundle: Bundle, states: Int32Array, base: number): Way | undefined {
    const { cells, ways } = bundle;
    const size = 2 * this.#layout.words;
    for (let i = 0; i < ways.length; i++) {
      let at = i * size;
      const end = at + size;
      for (let word = base; at < end; at += 2, word++)
        if (((states[word] as number) & (cells[at] as number)) !== cells[at + 1]) break;
      if (at < end) continue;
      const way = ways[i] as Way;
      if (i > 0) this.#exchange(bundle, i, i >> 1);
      return way;
    }
    return undefined;
  }

  /**
   * Learns from a walk to a state in which the thread is settled, a way out is known, or a step fails.
   *
   * @param wanted what matters there: slots and the numbers of their values
   */
  learn(walk: readonly WalkStep[], wanted: Way): void {
    const { tries } = this.#knowledge;
    let way = new Map(wanted);
    for (const { state, agent, successor } of walk.toReversed()) {
      const leaf = this.#knowledge.leafOf(agent, state, 0);
      const writes = (tries.leaves[tries.cells[leaf + 2] as number] as Leaf).successors[successor] ?? [];
      if (!writes.some(([slot]) => way.has(slot))) continue;
      way = new Map(way);
      for (const [slot] of writes) way.delete(slot);
      for (const slot of this.#knowledge.slotsOf(agent, state, 0)) way.set(slot, tries.layout.get(state, 0, slot));
      if (!this.find(state, 0)) this.#add(way, state, agent);
    }
  }

  /** @param agent whose step the way begins with; one of a flat action goes with the program counter of the thread that wants to move */
  #add(way: Way, state: Int32Array, agent: number): void {
    this.learned++;
    const layout = this.#layout;
    const pc = layout.get(state, 0, this.#slot);
    const slot = this.#knowledge.model.agents[agent]?.thread?.pc.slot ?? this.#slot;
    const beginnings = this.#beginnings[pc] ?? [];
    this.#beginnings[pc] = beginnings;
    let beginning = beginnings.find(known => known.slot === slot);
    if (!beginning) {
      beginning = { slot, bundles: [] };
      beginnings.push(beginning);
    }
    const id = layout.get(state, 0, slot);
    const bundle = beginning.bundles[id] ?? { ways: [], cells: new Int32Array(0) };
    beginning.bundles[id] = bundle;
    if (bundle.ways.length === this.#most) bundle.ways.length >>= 1;
    const size = 2 * layout.words;
    const at = bundle.ways.push(way) * size - size;
    if (at >= bundle.cells.length) {
      const larger = new Int32Array(Math.max(8 * size, 2 * at));
      larger.set(bundle.cells);
      bundle.cells = larger;
    }
    this.#write(way, bundle.cells, at);
  }

  #write(way: Way, cells: Int32Array, at: number): void {
    const { word, shift, mask, words } = this.#layout;
    cells.fill(0, at, at + 2 * words);
    for (const [slot, id] of way) {
      const cell = at + 2 * (word[slot] as number);
      cells[cell] = (cells[cell] as number) | ((mask[slot] as number) << (shift[slot] as number));
      cells[cell + 1] = (cells[cell + 1] as number) | (id << (shift[slot] as number));
    }
  }

  #exchange({ ways, cells }: Bundle, i: number, j: number): void {
    [ways[i], ways[j]] = [ways[j] as Way, ways[i] as Way];
    const size = 2 * this.#layout.words;
    for (let k = 0; k < size; k++) {
      const cell = cells[i * size + k] as number;
      cells[i * size + k] = cells[j * size + k] as number;
      cells[j * size + k] = cell;
    }
  }

  /** Packs all ways anew: there is another layout. */
  #enter(layout: Layout): void {
    this.#layout = layout;
    const size = 2 * layout.words;
    for (const beginnings of this.#beginnings) {
      for (const bundle of beginnings?.flatMap(({ bundles }) => bundles) ?? []) {
        if (!bundle) continue;
        bundle.cells = new Int32Array(bundle.ways.length * size);
        for (const [i, way] of bundle.ways.entries()) this.#write(way, bundle.cells, i * size);
      }
    }
  }
}

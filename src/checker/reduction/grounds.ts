import { lowestOne, ones } from '../bits.ts';
import type { Numbering } from './numbering.ts';
import type { TableLeaf } from './tables.ts';

/** An agent in a stubborn set, with the step that it stands for. */
export interface Member {
  readonly agent: number;
  readonly leaf: TableLeaf;
  /** How many of its successors differ from the state. */
  readonly moves: number;
}

/** By number of a value: 0 or 1. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A stubborn set, and states of which it is one: those in which its members have these leaves, and every slot an allowed value. */
export interface Ground {
  /** The values as they are numbered by the dependencies by which it is one. */
  readonly by: Numbering;
  /** The one first with whom it began. */
  readonly members: readonly Member[];
  /** By number of a value: 1 where it is allowed. */
  readonly allowed: Bytes;
  /** By number of a value: 1 where a state had it for which the set was used. */
  readonly used: Bytes;
  /** The states whose successors it was used for, by their numbers. */
  readonly users: number[];
  /** How many successors are kept. */
  readonly moves: number;
  /** Whether one step is all that its members can do, and goes forward: then the state can be passed by. */
  readonly isFusible: boolean;
  /** Whether the step may undo something that is the case before it: make an invariant true, or let one go on that waits. */
  readonly isTelling: boolean;
  /** Leaves with quantified forms that agents outside have there: others with the same reads they do not come to, unless one changes. */
  readonly formed: ReadonlySet<TableLeaf>;
}

/** A state, as the dependencies know it. */
export interface Standings {
  /** By agent: the number of its leaf. */
  readonly leaves: Int32Array;
  /** By slot: the number of its value. */
  readonly values: Int32Array;
  /** The state of the search for whose successors this is asked, by its number: itself, or one from which a chain leads to it. */
  readonly user: number;
  /** How many successors of an agent differ from the state. */
  movesOf(agent: number): number;
}

/** After so many failures in a row to find a set, as a binary logarithm, it is not tried more seldom any more. */
const MOST_PATIENCE = 4;
/** What is looked through at a time: one bit each. */
const WIDTH = 32;
/** The slots to look at are sorted when a block has so many sets. */
const SORTED: readonly number[] = [2, 8, WIDTH];

/** Finds out whether a set is stubborn by the dependencies at hand, and for which states. */
export type Renew = (ground: Ground) => Ground | undefined;

/**
 * The stubborn sets found so far. To find one takes as long as hundreds of looks at whether one that is known will do; so one that is
 * known is taken, and where there is none, one is looked for the more seldom the more often that was in vain.
 */
export class Grounds {
  /** The states for which sets were used that are not stubborn by the dependencies at hand, by their numbers. */
  readonly wronged = new Set<number>();
  /** How many sets were found. */
  count = 0;
  #numbering: Numbering;
  #renew: Renew;
  /** By number of the leaf with which a set begins. */
  readonly #beginnings: Beginning[] = [];
  readonly #ask: Renew = ground => this.#renewed(ground);

  /** @param renew is asked about each set that was found by other dependencies, before it is used by those at hand */
  constructor(numbering: Numbering, renew: Renew) {
    this.#numbering = numbering;
    this.#renew = renew;
  }

  /** From now on there are other dependencies. */
  use(numbering: Numbering, renew: Renew): void {
    this.#numbering = numbering;
    this.#renew = renew;
  }

  /** Asks about all sets that have not been used since there are these dependencies. */
  renewAll(): void {
    for (const { shelves } of this.#beginnings) for (const shelf of shelves) shelf.renewAll(this.#numbering, this.#ask);
  }

  /**
   * One that begins with an agent and is a stubborn set of the state at hand.
   *
   * @param isFusible look among those only by which a state can be passed by
   */
  find(agent: number, state: Standings, isFusible: boolean): Ground | undefined {
    const { shelves } = this.#beginning(state.leaves[agent] as number);
    for (let i = 0; i < shelves.length; i++) {
      const ground = (shelves[i] as Shelf).find(state, isFusible, this.#numbering, this.#ask);
      if (ground) return ground;
    }
    return undefined;
  }

  /** Whether it is time to look for one that begins with a leaf. */
  isDue(leaf: number, isFusible: boolean): boolean {
    const { patience } = this.#beginning(leaf);
    return patience[isFusible ? 1 : 0]-- <= 0;
  }

  /** Takes note that there is none. */
  failed(leaf: number, isFusible: boolean): void {
    const { failures, patience } = this.#beginning(leaf);
    const at = Number(isFusible);
    failures[at] = Math.min((failures[at] as number) + 1, MOST_PATIENCE);
    patience[at] = 1 << (failures[at] as number);
  }

  add(ground: Ground): void {
    const { shelves, failures, patience } = this.#beginning((ground.members[0] as Member).leaf.number);
    this.count++;
    if (shelves.at(-1)?.isFull !== false) shelves.push(new Shelf(this.#numbering.slots));
    shelves.at(-1)?.add(ground);
    failures.fill(0);
    patience.fill(0);
  }

  #beginning(leaf: number): Beginning {
    while (this.#beginnings.length <= leaf) this.#beginnings.push(new Beginning());
    return this.#beginnings[leaf] as Beginning;
  }

  #renewed(ground: Ground): Ground | undefined {
    const renewed = this.#renew(ground);
    if (!renewed) for (const user of ground.users) this.wronged.add(user);
    return renewed;
  }
}

/** The sets that begin with one leaf. */
class Beginning {
  readonly shelves: Shelf[] = [];
  /** Of any sets, and of those by which a state can be passed by: how often none was found since one was; how often none is to be looked for. */
  readonly failures: [number, number] = [0, 0];
  readonly patience: [number, number] = [0, 0];
}

/** Sets that begin with the same leaf, or blocks of such: which of them allow the values of a state is found out for 32 at once. */
class Shelf {
  readonly #blocks: Block[] = [];
  readonly #filter: Filter;
  /** The blocks that may have a set by which a state can be passed by. */
  #fusible = 0;

  constructor(slots: number) {
    this.#filter = new Filter(slots);
  }

  get isFull(): boolean {
    return this.#blocks.length === WIDTH && this.#blocks.at(-1)?.isFull === true;
  }

  add(ground: Ground): void {
    const blocks = this.#blocks;
    if (blocks.at(-1)?.isFull !== false) blocks.push(new Block(this.#filter.slots));
    const i = blocks.length - 1;
    const block = blocks[i] as Block;
    block.add(ground);
    if (ground.isFusible) this.#fusible |= 1 << i;
    this.#filter.add(i, ground);
    if (block.length === 1 || block.isFull) this.#filter.sort(i + 1, ground.by);
  }

  renewAll(numbering: Numbering, renew: Renew): void {
    for (const block of this.#blocks) block.renewAll(numbering, renew);
  }

  /** The first set of a state. */
  find(state: Standings, isFusible: boolean, numbering: Numbering, renew: Renew): Ground | undefined {
    const wanted = isFusible ? this.#fusible : lowest(this.#blocks.length);
    if (wanted === 0) return undefined;
    for (let left = this.#filter.match(state.values, wanted, numbering); left !== 0; left &= left - 1) {
      const block = this.#blocks[lowestOne(left)] as Block;
      const ground = block.find(state, isFusible, numbering, renew);
      if (ground) return ground;
    }
    return undefined;
  }
}

class Block {
  /** Undefined in place of one that is none any more. */
  readonly #grounds: (Ground | undefined)[] = [];
  readonly #filter: Filter;
  #all = 0;
  #fusible = 0;

  constructor(slots: number) {
    this.#filter = new Filter(slots);
  }

  get length(): number {
    return this.#grounds.length;
  }

  get isFull(): boolean {
    return this.length === WIDTH;
  }

  add(ground: Ground): void {
    this.#put(this.length, ground);
    if (SORTED.includes(this.length)) this.#filter.sort(this.length, ground.by);
  }

  renewAll(numbering: Numbering, renew: Renew): void {
    this.#grounds.forEach((ground, i) => {
      if (ground && ground.by !== numbering) this.#put(i, renew(ground));
    });
  }

  find(state: Standings, isFusible: boolean, numbering: Numbering, renew: Renew): Ground | undefined {
    const wanted = isFusible ? this.#fusible : this.#all;
    if (wanted === 0) return undefined;
    for (let left = this.#filter.match(state.values, wanted, numbering); left !== 0; left &= left - 1) {
      const i = lowestOne(left);
      let ground = this.#grounds[i];
      if (!ground || !hasMembers(ground, state)) continue;
      if (ground.by !== numbering) {
        ground = renew(ground);
        this.#put(i, ground);
        if (!ground || (isFusible && !ground.isFusible) || !allows(ground, state)) continue;
      }
      use(ground, state);
      return ground;
    }
    return undefined;
  }

  /** Sets what is at a place; what it allows is less than what is allowed by the one that was there. */
  #put(i: number, ground: Ground | undefined): void {
    const bit = 1 << i;
    this.#grounds[i] = ground;
    this.#all = ground ? this.#all | bit : this.#all & ~bit;
    this.#fusible = ground?.isFusible ? this.#fusible | bit : this.#fusible & ~bit;
    if (!ground) return;
    this.#filter.clear(i);
    this.#filter.add(i, ground);
  }
}

/** Tells which of up to 32 things may be of use for a state, by its values. */
class Filter {
  readonly slots: number;
  /** By number of a value: the things that allow it. */
  #allowing = new Int32Array(0);
  /** The slots of which some do not allow some value, the first `#told`; when they were sorted first those that tell most. */
  readonly #slots: Int32Array;
  #told = 0;
  /** By slot: whether it is among them. */
  readonly #isTelling: Uint8Array;

  constructor(slots: number) {
    this.slots = slots;
    this.#slots = new Int32Array(slots);
    this.#isTelling = new Uint8Array(slots);
  }

  /** Which of some things allow all of these values. */
  match(values: Int32Array, wanted: number, numbering: Numbering): number {
    if (this.#allowing.length < numbering.size) this.#widen(numbering);
    const slots = this.#slots;
    const allowing = this.#allowing;
    const told = this.#told;
    let left = wanted;
    for (let i = 0; i < told && left !== 0; i++) left &= allowing[values[slots[i] as number] as number] as number;
    return left;
  }

  clear(i: number): void {
    const others = ~(1 << i);
    const allowing = this.#allowing;
    for (let value = 0; value < allowing.length; value++) allowing[value] = (allowing[value] as number) & others;
  }

  /** Has a thing allow what a set allows. */
  add(i: number, { by, allowed }: Ground): void {
    if (this.#allowing.length < by.size) this.#widen(by);
    const allowing = this.#allowing;
    for (let value = 0; value < by.size; value++) {
      const isAllowed = allowed[value] as number;
      allowing[value] = (allowing[value] as number) | (isAllowed << i);
      if (isAllowed === 0) this.#tell(by.slotOf[value] as number);
    }
  }

  /** Makes room for new values: nothing allows them. */
  #widen(numbering: Numbering): void {
    const wider = new Int32Array(numbering.size);
    wider.set(this.#allowing);
    for (let value = this.#allowing.length; value < wider.length; value++)
      this.#tell(numbering.slotOf[value] as number);
    this.#allowing = wider;
  }

  #tell(slot: number): void {
    if (this.#isTelling[slot] !== 0) return;
    this.#isTelling[slot] = 1;
    this.#slots[this.#told++] = slot;
  }

  /** Puts those slots first of which the fewest values are allowed, on the average of so many things. */
  sort(length: number, numbering: Numbering): void {
    const all = lowest(length);
    const allowing = this.#allowing;
    const shares = new Float64Array(this.slots);
    for (let i = 0; i < this.#told; i++) {
      const values = numbering.allOf(this.#slots[i] as number);
      let share = 0;
      for (let n = 0; n < values.length; n++) share += ones((allowing[values[n] as number] as number) & all);
      shares[this.#slots[i] as number] = share / values.length;
    }
    this.#slots.subarray(0, this.#told).sort((a, b) => (shares[a] as number) - (shares[b] as number));
  }
}

/** The `n` lowest bits. */
const lowest = (n: number): number => (n === WIDTH ? -1 : (1 << n) - 1);

/** Notes that a set is used for a state. */
export function use({ used, users }: Ground, { values, user }: Standings): void {
  for (let slot = 0; slot < values.length; slot++) used[values[slot] as number] = 1;
  if (users.at(-1) !== user) users.push(user);
}

function hasMembers({ members }: Ground, state: Standings): boolean {
  for (let i = 0; i < members.length; i++) {
    const { agent, leaf, moves } = members[i] as Member;
    if (state.leaves[agent] !== leaf.number || state.movesOf(agent) !== moves) return false;
  }
  return true;
}

const allows = ({ allowed }: Ground, { values }: Standings): boolean => values.every(value => allowed[value] === 1);

import type { Thread } from '../../spec/index.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Layout } from '../layout.ts';
import type { ValueTable } from '../values.ts';

/** Threads that are looked at together: one bit each. Those that can be exchanged must be. */
export const TOGETHER = 30;
/** What a program counter tells of its thread; 0 as long as nobody has looked. */
const [ASK, SETTLED] = [1, 2];
/** Word, shift and mask of a program counter. */
const PLACE = 3;

/** Tells which of some threads are *settled* in a state: they rest there, or can move. Until a step is learned its thread cannot. */
export class Settled {
  readonly threads: readonly Thread[];
  /** The bits of all of them. */
  readonly all: number;
  readonly #knowledge: Knowledge;
  /** By thread: the number of its agent. */
  readonly #agents: Int32Array;
  /** By thread and number of its program counter's value: what that tells. */
  #atPc: readonly Uint8Array[] = [];
  #places = new Int32Array(0);
  #layout: Layout | undefined;

  constructor(knowledge: Knowledge, threads: readonly Thread[]) {
    const { agents } = knowledge.model;
    this.threads = threads;
    this.all = 2 ** threads.length - 1;
    this.#knowledge = knowledge;
    this.#agents = Int32Array.from(threads, thread => agents.findIndex(agent => agent.thread === thread));
  }

  /** The bits of those that are settled in the packed state at `base`. */
  in(states: Int32Array, base: number): number {
    const { tries, roots } = this.#knowledge;
    const { cells, layout } = tries;
    if (layout !== this.#layout) this.#enter(layout);
    const [places, atPc, agents] = [this.#places, this.#atPc, this.#agents];
    let settled = 0;
    for (let i = 0; i < agents.length; i++) {
      const at = PLACE * i;
      const word = states[base + (places[at] as number)] as number;
      const pc = (word >>> (places[at + 1] as number)) & (places[at + 2] as number);
      const told = (atPc[i] as Uint8Array)[pc] || this.#lookAt(i, pc, states, base);
      if (told !== SETTLED) {
        const leaf = tries.walk(roots[agents[i] as number] as number, states, base);
        if (leaf === 0 || cells[leaf + 1] === 0) continue;
      }
      settled |= 1 << i;
    }
    return settled;
  }

  /** The same; all of them where a step fails an obligation: what would come after it is not seen, and settles everything. */
  orCut(states: Int32Array, base: number): number {
    const settled = this.in(states, base);
    return settled === this.all || this.failing(states, base) < 0 ? settled : this.all;
  }

  /** The first agent with a step that fails an obligation; -1 if none has. */
  failing(states: Int32Array, base: number): number {
    const { tries, roots } = this.#knowledge;
    for (let agent = 0; agent < roots.length; agent++) {
      const leaf = tries.walk(roots[agent] as number, states, base);
      if (leaf !== 0 && (tries.cells[leaf + 4] as number) > 0) return agent;
    }
    return -1;
  }

  /** The slots that settle a thread by what they have in a packed state in which it is settled. */
  becauseOf(thread: number, state: Int32Array): readonly number[] {
    const { slot } = (this.threads[thread] as Thread).pc;
    const pc = this.#knowledge.tries.layout.get(state, 0, slot);
    if (this.#atPc[thread]?.[pc] === SETTLED) return [slot];
    return this.#knowledge.slotsOf(this.#agents[thread] as number, state, 0);
  }

  /** What the program counter alone tells; 0 when its thread's step is not learned. */
  #lookAt(thread: number, pc: number, states: Int32Array, base: number): number {
    const { learner, tries, roots } = this.#knowledge;
    const atPc = this.#atPc[thread] as Uint8Array;
    const { pc: counter } = this.threads[thread] as Thread;
    const value = (learner.tables[counter.slot] as ValueTable).values[pc] as number;
    if ((this.threads[thread] as Thread).restsAt(value)) {
      atPc[pc] = SETTLED;
      return SETTLED;
    }
    const root = roots[this.#agents[thread] as number] as number;
    const leaf = tries.walk(root, states, base);
    if (leaf === 0) return 0;
    const asksOthers = tries.slotsTo(root, states, base).some(slot => slot !== counter.slot);
    const told = asksOthers || tries.cells[leaf + 1] === 0 ? ASK : SETTLED;
    atPc[pc] = told;
    return told;
  }

  #enter(layout: Layout): void {
    const { word, shift, mask } = layout;
    const slots = this.threads.map(({ pc }) => pc.slot);
    this.#layout = layout;
    this.#places = Int32Array.from(
      slots.flatMap(slot => [word[slot], shift[slot], mask[slot]] as [number, number, number]),
    );
    this.#atPc = slots.map(slot => new Uint8Array((mask[slot] as number) + 1));
  }
}

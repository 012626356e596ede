import { placeOf } from './findings.ts';
import type { Knowledge, Spot } from './knowledge.ts';
import type { Learned } from './learner.ts';
import { FORMS } from './lookup.ts';
import type { Race } from './questions.ts';

/**
 * Looks for races: two enabled steps of different agents that access one plain variable, one of them writing it. Each
 * leaf of an agent has a bit for each plain variable that its steps read, and one for each that they write; the kernel calls when
 * they meet.
 */
export class Races {
  readonly #knowledge: Knowledge;
  /** Per leaf: the quantified forms read on the way to it, whose terms may read plain variables. */
  readonly #forms = new Map<number, readonly number[]>();
  #open: readonly Race[];
  #watched: number;

  constructor(knowledge: Knowledge, races: readonly Race[]) {
    this.#knowledge = knowledge;
    this.#open = races;
    this.#watched = this.#bitsOf(races);
  }

  /** Bits of the plain variables of race properties that have no violation yet. */
  get watched(): number {
    return this.#watched;
  }

  /** Notes which quantified forms the steps of a new leaf read. */
  note(leaf: number, { formsRead }: Learned): void {
    if (formsRead.length > 0) this.#forms.set(this.#knowledge.tries.cells[leaf + 2] as number, formsRead);
  }

  /** Looks for races in the state at hand, whose agents are learned. */
  look(here: Spot): void {
    let reads = 0;
    let writes = 0;
    for (let agent = 0; agent < this.#knowledge.roots.length; agent++) {
      const leaf = this.#knowledge.leafOf(agent, here.states, here.base);
      const r = this.#readsAt(leaf, here);
      const w = this.#writesAt(leaf);
      const conflict = ((w & (reads | writes)) | (r & writes)) & this.#watched;
      if (conflict !== 0) this.#found(agent, conflict, here);
      reads |= r;
      writes |= w;
    }
  }

  #found(second: number, conflict: number, here: Spot): void {
    const { model, findings, learner, roots } = this.#knowledge;
    const accesses = (agent: number, bit: number) => {
      const leaf = this.#knowledge.leafOf(agent, here.states, here.base);
      return { reads: (this.#readsAt(leaf, here) & bit) !== 0, writes: (this.#writesAt(leaf) & bit) !== 0 };
    };
    const describe = (agent: number, bit: number) =>
      `${model.agents[agent]?.name} ${accesses(agent, bit).writes ? 'writes' : 'reads'}`;
    const isHit = (race: Race) => (this.#bitsOf([race]) & conflict) !== 0;
    for (const race of this.#open.filter(isHit)) {
      const hit = this.#bitsOf([race]) & conflict;
      const bit = hit & -hit;
      const { writes } = accesses(second, bit);
      const first = [...roots.keys()].find(agent => {
        const other = accesses(agent, bit);
        return agent < second && (other.writes || (writes && other.reads));
      }) as number;
      const variable = race.variables.find(v => learner.plainBits.get(v.slot) === bit);
      findings.violated(race.property.name, {
        ...placeOf(here),
        step: undefined,
        detail: `nothing orders two accesses to '${variable?.name}': ${describe(first, bit)}, ${describe(second, bit)}`,
        threads: [...this.#knowledge.threadOf(first), ...this.#knowledge.threadOf(second)],
      });
    }
    this.#open = this.#open.filter(race => !isHit(race));
    this.#watched = this.#bitsOf(this.#open);
  }

  #bitsOf(races: readonly Race[]): number {
    const { plainBits } = this.#knowledge.learner;
    return races.flatMap(race => race.variables).reduce((bits, v) => bits | (plainBits.get(v.slot) ?? 0), 0);
  }

  #readsAt(leaf: number, { states, base }: Spot): number {
    const { tries, learner } = this.#knowledge;
    const reads = (tries.cells[leaf + 5] as number) & ~FORMS;
    const forms = this.#forms.size > 0 ? this.#forms.get(tries.cells[leaf + 2] as number) : undefined;
    return forms ? reads | learner.plainReadsOf(forms, states, base) : reads;
  }

  #writesAt(leaf: number): number {
    return this.#knowledge.tries.cells[leaf + 6] as number;
  }
}

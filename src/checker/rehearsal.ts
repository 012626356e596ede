import { LeftOut } from './left-out.ts';

/** From so many states on a rehearsal has told enough. */
const ENOUGH = 1 << 14;

/** What a search of all variables tells about which of them another one can leave out: those that it wrote, and that nothing read. */
export class Rehearsal extends LeftOut {
  readonly #isAll: boolean;

  /** @param isAll whether it is all that is wanted, be there anything to leave out or not */
  constructor(isAll: boolean) {
    super(new Set());
    this.#isAll = isAll;
  }

  override isOver(states: number): boolean {
    return states >= ENOUGH && (this.#isAll || this.next.slots.size > 0);
  }

  override get next(): LeftOut {
    return new LeftOut(new Set([...this.written].filter(slot => !this.needed.has(slot))));
  }
}

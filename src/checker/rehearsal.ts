import { LeftOut } from './left-out.ts';

/** Why a search ended that was to tell no more than what another one can leave out. */
export const REHEARSED = 'the search was a rehearsal';
/** From so many states on it has told enough. */
const ENOUGH = 1 << 14;

/** What a search of all variables tells about which of them another one can leave out. */
export class Rehearsal extends LeftOut {
  constructor() {
    super(new Set());
  }

  /** The slots that something wrote and nothing read. */
  get unread(): ReadonlySet<number> {
    return new Set([...this.written].filter(slot => !this.needed.has(slot)));
  }

  /** Whether the search can end at so many states. */
  isEnough(states: number): boolean {
    return states >= ENOUGH;
  }
}

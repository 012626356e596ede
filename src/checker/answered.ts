import { finish, mix } from './hashes.ts';
import { VIEW_WORDS } from './views.ts';

/** Twice as many combinations are remembered with each bit: at first, and as many at most as stay in the second level of a cache. */
const [LEAST_BITS, MOST_BITS] = [6, 14];
/** Cells of an entry: a view, and the bits of a state in each of its words. */
const ENTRY = 1 + VIEW_WORDS;

/** For which bits of a state the tries of a view (`views.ts`) are known to have answers, of which none changes anything. */
export class Answered {
  #bits = LEAST_BITS;
  /** At the place that its hash gives, the last combination there. */
  #entries = new Int32Array(ENTRY << LEAST_BITS);
  #noted = 0;
  /** What was asked last, and its place. */
  readonly #asked = new Int32Array(ENTRY);
  #place = 0;

  /** Whether that is known of the state at `base`. */
  has(cells: Int32Array, view: number, states: Int32Array, base: number): boolean {
    const entries = this.#entries;
    const asked = this.#asked;
    const words = cells[view] as number;
    let hash = view;
    asked[0] = view;
    for (let i = 1, at = view + 1; i <= words; i++, at += 2) {
      const word = (states[base + (cells[at] as number)] as number) & (cells[at + 1] as number);
      asked[i] = word;
      hash = mix(hash, word);
    }
    const place = (finish(hash) >>> (32 - this.#bits)) * ENTRY;
    this.#place = place;
    let difference = 0;
    for (let i = 0; i <= words; i++) difference |= (entries[place + i] as number) ^ (asked[i] as number);
    return difference === 0;
  }

  /** Notes it of what was asked last. */
  note(): void {
    this.#entries.set(this.#asked, this.#place);
    if (this.#bits === MOST_BITS || ++this.#noted >>> this.#bits === 0) return;
    // Most are asked for again soon.
    this.#bits += 2;
    this.#entries = new Int32Array(ENTRY << this.#bits);
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.fill(0);
  }
}

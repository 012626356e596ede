/** Lets so many tasks run at a time; the others begin in the order in which they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>(begin => this.#waiting.push(begin));
    try {
      return await task();
    } finally {
      const begin = this.#waiting.shift();
      if (begin) begin();
      else this.#free++;
    }
  }
}

/** Which states lean on what was found for others: a chain that came to a state from which theirs had gone on was not followed further. */
export class Leanings {
  /** Pairs, in the order in which they came about: on whom is leant, and who leans. */
  #pairs = new Int32Array(1 << 8);
  #length = 0;

  /** @param user leans on `other`; both are numbers of states whose chains were followed */
  note(other: number, user: number): void {
    const at = this.#length;
    if (at > 0 && this.#pairs[at - 1] === user && this.#pairs[at - 2] === other) return;
    if (at === this.#pairs.length) {
      const wider = new Int32Array(2 * at);
      wider.set(this.#pairs);
      this.#pairs = wider;
    }
    this.#pairs[at] = other;
    this.#pairs[at + 1] = user;
    this.#length = at + 2;
  }

  /** Adds all who lean on some of these, be it by way of others. */
  close(users: Set<number>): void {
    // Who leans on someone has done so later than that one on others.
    for (let at = 0; at < this.#length; at += 2)
      if (users.has(this.#pairs[at] as number)) users.add(this.#pairs[at + 1] as number);
  }
}

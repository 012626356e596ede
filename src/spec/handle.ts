/** Something declared in a model that may itself be kept in a state and is compared by identity: a thread. */
export class Handle {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toString(): string {
    return this.name;
  }
}

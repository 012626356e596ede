/** The one thing of WebAssembly that is used: memory that grows where it lies. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
};

const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** Thrown when there is no more memory for states: the search ends with "no verdict". */
export class StoreFull extends Error {}

/** Zeroed 32-bit cells that grow without being copied. */
export class GrowingMemory {
  readonly #memory: InstanceType<typeof WebAssembly.Memory>;
  cells: Int32Array;

  constructor(cells: number) {
    this.#memory = new WebAssembly.Memory({ initial: pagesFor(cells), maximum: MAX_PAGES });
    this.cells = new Int32Array(this.#memory.buffer);
  }

  /** Makes room for so many cells; what was there stays. @throws StoreFull */
  grow(cells: number): void {
    const missing = pagesFor(cells) - this.#memory.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    if (pagesFor(cells) > MAX_PAGES) throw new StoreFull();
    try {
      this.#memory.grow(missing);
    } catch {
      throw new StoreFull();
    }
    this.cells = new Int32Array(this.#memory.buffer);
  }
}

const pagesFor = (cells: number): number => Math.max(1, Math.ceil((cells * 4) / PAGE));

/** Zeroed 32-bit cells that other threads can be given. */
export const sharedCells = (length: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));

/** The one thing of WebAssembly that is used: memory that grows where it lies, and that threads can share. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => { readonly buffer: SharedArrayBuffer; grow(pages: number): number };
};

/** Memory as it is given to another thread. */
export type SharedMemory = InstanceType<typeof WebAssembly.Memory>;

const PAGE = 65_536;
const MAX_PAGES = 65_536;
/** Cells of what an operating system calls a page, 4 KiB at least. */
const TOUCHED = 1 << 10;
const MOST_KIB = 2 ** 31 - 1;

/** Thrown when there is no more memory for states: the search ends with "no verdict". */
export class StoreFull extends Error {}

/** What the stores of a search may still take of memory; threads share it. */
export class Allowance {
  /** KiB that are left, in one cell. */
  readonly cell: Int32Array;

  /** @param cell what another thread has given; by default there is no limit, until one is set */
  constructor(cell: Int32Array = new Int32Array(new SharedArrayBuffer(4)).fill(MOST_KIB)) {
    this.cell = cell;
  }

  set left(bytes: number) {
    Atomics.store(this.cell, 0, Math.max(0, Math.min(Math.floor(bytes / 1024), MOST_KIB)));
  }

  /** @throws StoreFull when there is not so much left */
  take(bytes: number): void {
    const needed = Math.ceil(bytes / 1024);
    if (Atomics.sub(this.cell, 0, needed) < needed) throw new StoreFull();
  }
}

/** Zeroed 32-bit cells that grow without being copied. One thread at a time may let them grow. */
export class GrowingMemory {
  readonly shared: SharedMemory;
  cells: Int32Array;
  /** The same, byte by byte. */
  bytes: Uint8Array;

  readonly #allowance: Allowance;

  /** @param from how many cells, or memory that another thread has made @throws StoreFull */
  constructor(from: number | SharedMemory, allowance = new Allowance()) {
    this.#allowance = allowance;
    if (typeof from === 'number') allowance.take(pagesFor(from) * PAGE);
    this.shared =
      typeof from === 'number'
        ? new WebAssembly.Memory({ initial: pagesFor(from), maximum: MAX_PAGES, shared: true })
        : from;
    [this.cells, this.bytes] = viewsOf(this.shared);
    if (typeof from === 'number') touch(this.cells, 0);
  }

  /** Takes notice of what another thread has let grow. */
  refresh(): void {
    this.shared.grow(0);
    [this.cells, this.bytes] = viewsOf(this.shared);
  }

  /** Makes room for so many cells; what was there stays. @throws StoreFull */
  grow(cells: number): void {
    const missing = pagesFor(cells) - this.shared.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    if (pagesFor(cells) > MAX_PAGES) throw new StoreFull();
    this.#allowance.take(missing * PAGE);
    const before = this.cells.length;
    try {
      this.shared.grow(missing);
    } catch {
      throw new StoreFull();
    }
    [this.cells, this.bytes] = viewsOf(this.shared);
    touch(this.cells, before);
  }
}

const viewsOf = ({ buffer }: SharedMemory): [Int32Array, Uint8Array] => [
  new Int32Array(buffer),
  new Uint8Array(buffer),
];

/**
 * Writes to every page of new memory. One that is read first, as those of tables are, is mapped to a page of zeros that all share, and then anew when it is
 * written to, for which every other thread is interrupted: two that grew took twice as long as one.
 */
function touch(cells: Int32Array, from: number): void {
  for (let at = from; at < cells.length; at += TOUCHED) cells[at] = 0;
}

const pagesFor = (cells: number): number => Math.max(1, Math.ceil((cells * 4) / PAGE));

/** Zeroed 32-bit cells that other threads can be given. @throws StoreFull */
export function sharedCells(length: number, allowance?: Allowance): Int32Array {
  allowance?.take(length * Int32Array.BYTES_PER_ELEMENT);
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

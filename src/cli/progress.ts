import type { Progress } from '../checker/index.ts';
import { formatBytes, formatCount } from './quantities.ts';

/** One line on a terminal's standard error, rewritten as the search goes on. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #prefix = '';
  #isShown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Names the case that begins; with one case there is nothing to name. */
  begin(number: number, of: number): void {
    this.#prefix = of > 1 ? `case ${number}/${of}  ` : '';
  }

  update(progress: Progress): void {
    const line = `${this.#prefix}${formatProgress(progress)}`;
    this.#stream.write(`\r\x1b[K${line.slice(0, Math.max(1, (this.#stream.columns ?? 80) - 1))}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.#stream.write('\r\x1b[K');
    this.#isShown = false;
  }
}

/** Where a search is, in one line. */
export function formatProgress({ states, depth, queue, bytes, seconds }: Progress): string {
  const rate = seconds > 0 ? Math.round(states / seconds) : 0;
  return [
    `${formatCount(states)} states`,
    `${formatCount(rate)} states/s`,
    `queue ${formatCount(queue)}`,
    `depth ${depth}`,
    formatBytes(bytes),
  ].join('  ');
}

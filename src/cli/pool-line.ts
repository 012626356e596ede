import type { PoolProgress } from './case-pool.ts';
import { formatBytes, formatCount } from './quantities.ts';

/** One line on a terminal's standard error: how many cases are done, and where the others are. */
export class PoolLine {
  readonly #stream: NodeJS.WriteStream;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(progress: PoolProgress): void {
    const line = formatPoolProgress(progress).slice(0, Math.max(1, (this.#stream.columns ?? 80) - 1));
    this.#stream.write(`\r\x1b[K${line}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.#stream.write('\r\x1b[K');
    this.#isShown = false;
  }
}

/** Where several searches are, in one line. */
export function formatPoolProgress({ done, of, running }: PoolProgress): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const states = sum(running.map(progress => progress.states));
  const rate = sum(running.map(({ states, seconds }) => (seconds > 0 ? Math.round(states / seconds) : 0)));
  return [
    `case ${done}/${of}`,
    `${running.length} running`,
    `${formatCount(states)} states`,
    `${formatCount(rate)} states/s`,
    formatBytes(sum(running.map(({ bytes }) => bytes))),
  ].join('  ');
}

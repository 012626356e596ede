import { answerOf } from './quiesce.ts';

/** Nanoseconds of a read at a random place. */
export interface Reads {
  /** The place is known when the one before it has been read. */
  readonly dependent: number;
  /** The place is known beforehand, so that reads overlap. */
  readonly independent: number;
}

/** What reads at random places take of the machine, from one process and from two at once (the mean of both). */
export interface Latency {
  readonly mebibytes: number;
  readonly alone: Reads;
  readonly beside: Reads;
}

/** As large as the sets of states of the larger problems. */
const MEBIBYTES = 256;

/** @throws Error when a process fails */
export async function measureLatency(mebibytes = MEBIBYTES): Promise<Latency> {
  const run = async () => (await answerOf('random-reads.js', String(mebibytes))) as Reads;
  const alone = await run();
  const [a, b] = await Promise.all([run(), run()]);
  const beside = {
    dependent: (a.dependent + b.dependent) / 2,
    independent: (a.independent + b.independent) / 2,
  };
  return { mebibytes, alone, beside };
}

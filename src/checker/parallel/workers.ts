import { MOST_WORKERS, type Workers } from '../result.ts';

/** How many threads are asked for. @throws RangeError for a number that cannot be */
export function workersOf(given: number | Workers = 1): Workers {
  const workers = typeof given === 'number' ? { count: given } : given;
  const { count } = workers;
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return workers;
  throw new RangeError(`workers is ${count}, which is not a whole number from 1 to ${MOST_WORKERS}`);
}

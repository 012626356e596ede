import type { World } from '../state.ts';
import { eventProperties } from './events.ts';
import { lockProperties } from './locks.ts';
import { memoryProperties } from './memory.ts';
import { portProperties } from './ports.ts';
import { processProperties } from './processes.ts';
import { stateProperties } from './states.ts';
import { threadProperties } from './threads.ts';
import { castOf, historyOf } from './watch.ts';

/** The properties of every case, after the threads are declared. */
export function declareProperties(w: World): void {
  const cast = castOf(w);
  const history = historyOf(w);
  memoryProperties(w, cast, history);
  lockProperties(w, cast);
  eventProperties(w, cast, history);
  threadProperties(w, cast);
  stateProperties(w, cast, history);
  processProperties(w, cast, history);
  portProperties(w);
}

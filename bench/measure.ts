// Measures one problem in a process of its own, so that no heap is shared: node dist/bench/measure.js NAME [counting].
// Prints a Measurement as JSON, or nothing when the problem's spec is not there.
import { check } from '../src/checker/index.ts';
import { modelOf } from '../src/spec/index.ts';
import { load, problems } from './problems.ts';

/** What a row of the table is made from; counts and seconds are sums over the cases, memory is the greatest. */
export interface Measurement {
  readonly cases: number;
  readonly states: number;
  readonly transitions: number;
  /** Exploration, learning and re-layouts included. */
  readonly seconds: number;
  readonly runs: number;
  readonly violated: number;
  /** Peak of what grows with the number of states, over the states, in the largest case. */
  readonly bytesPerState: number;
  readonly learned: number;
  readonly rss: number;
}

async function measure(name: string, properties: readonly string[] | undefined): Promise<Measurement | undefined> {
  const problem = problems.find(p => p.name === name);
  const loaded = problem && (await load(problem));
  if (!loaded) return undefined;
  const [spec, cases] = loaded;
  const sum = { states: 0, transitions: 0, seconds: 0, runs: 0 };
  const violated = new Set<string>();
  let largest = 0;
  let bytesPerState = 0;
  let learned = 0;
  for (const assignment of cases) {
    const result = await check(modelOf(spec, assignment), { properties });
    for (const count of ['states', 'transitions', 'seconds', 'runs'] as const) sum[count] += result[count];
    for (const p of result.properties) if (p.verdict === 'violated') violated.add(p.name);
    learned = Math.max(learned, result.memory.learned);
    if (result.states <= largest) continue;
    largest = result.states;
    bytesPerState = result.memory.states / result.states;
  }
  // In kilobytes, whatever the system.
  const rss = process.resourceUsage().maxRSS * 1024;
  return { cases: cases.length, ...sum, violated: violated.size, bytesPerState, learned, rss };
}

const [, , name = '', counting] = process.argv;
const measurement = await measure(name, counting === 'counting' ? [] : undefined);
if (measurement) console.log(JSON.stringify(measurement));

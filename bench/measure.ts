// Measures one problem in a process of its own, so that no heap is shared: node dist/bench/measure.js NAME MODE THREADS.
// Prints a Measurement as JSON.
import { check } from '../src/checker/index.ts';
import { type Model, modelOf } from '../src/spec/index.ts';
import { load, type Mode, problems, quickProblems } from './problems.ts';
import type { Measurement } from './quiesce.ts';

async function measure(name: string, mode: string, workers: number): Promise<Measurement> {
  const problem = [...problems, ...quickProblems].find(p => p.name === name);
  if (!problem) throw new Error(`there is no problem '${name}'`);
  const [spec, cases] = await load(problem);
  const sum = { states: 0, transitions: 0, seconds: 0, runs: 0 };
  const violated = new Set<string>();
  let largest = 0;
  let bytes = 0;
  let bytesPerState = 0;
  let learned = 0;
  for (const assignment of cases) {
    const model = modelOf(spec, assignment);
    const result = await check(model, { properties: propertiesOf(model, mode as Mode), workers });
    for (const count of ['states', 'transitions', 'seconds', 'runs'] as const) sum[count] += result[count];
    for (const p of result.properties) if (p.verdict === 'violated') violated.add(p.name);
    learned = Math.max(learned, result.memory.learned);
    if (result.states <= largest) continue;
    largest = result.states;
    bytes = result.memory.states;
    bytesPerState = bytes / largest;
  }
  // In kilobytes, whatever the system.
  const rss = process.resourceUsage().maxRSS * 1024;
  return { cases: cases.length, ...sum, violated: violated.size, bytes, bytesPerState, learned, rss };
}

function propertiesOf({ properties }: Model, mode: Mode): readonly string[] | undefined {
  switch (mode) {
    case 'counting':
      return [];
    case 'invariants':
      return properties.filter(({ kind }) => kind === 'invariant').map(p => p.name);
    case 'all':
      return undefined;
  }
}

const [, , name = '', mode = '', workers = '1'] = process.argv;
console.log(JSON.stringify(await measure(name, mode, Number(workers))));

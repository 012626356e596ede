// The process of one worker: `case-worker.js SETUP`, started by case-pool.ts. It loads the spec, and answers each case
// that it is given with its outcome. Ctrl-C reaches it too and is left to the command, which then asks for an end.
import { workOutCase } from '../review/index.ts';
import { CaseCache } from './case-cache.ts';
import type { Report, Request, WorkedOut, WorkerSetup } from './case-messages.ts';
import { CheckMemory } from './check-memory.ts';
import { describeError, InputError } from './errors.ts';
import { buildModel, loadSpec } from './load.ts';

const setup = JSON.parse(process.argv[2] ?? '') as WorkerSetup;
let isAsked = false;
let loaded: ReturnType<typeof load> | undefined;

process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if (request === 'stop') isAsked = true;
  else workOut(request).then(outcome => tell({ outcome }), fail);
});

async function workOut({ assignment, ...how }: Exclude<Request, 'stop'>): Promise<WorkedOut> {
  // What was asked before was meant for the case before.
  isAsked = false;
  try {
    loaded ??= load();
    const { spec, memory } = await loaded;
    return await workOutCase(buildModel(spec, assignment), assignment, {
      ...setup.search,
      ...how,
      spent: (Date.now() - setup.began) / 1000,
      workers: setup.threads,
      memory,
      interrupted: () => isAsked,
      onProgress: progress => tell({ progress }),
    });
  } catch (error) {
    return { mistake: describeError(error) };
  }
}

async function load() {
  const loaded = await loadSpec(setup.spec);
  if (loaded.digest() !== setup.digest)
    throw new InputError({ what: `${setup.spec} was changed while it was being checked`, hint: 'check it again' });
  const cache = setup.cache ? CaseCache.of(loaded, setup.search) : undefined;
  return { spec: loaded.spec, memory: new CheckMemory(cache) };
}

function tell(report: Report): void {
  process.send?.(report);
}

function fail(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}

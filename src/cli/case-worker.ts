// The process of one worker: `case-worker.js SETUP`, started by case-pool.ts. It loads the spec, and answers each case
// that it is given with its outcome. Ctrl-C reaches it too and is left to the command, which then asks for an end.
import { checkCase, entriesOf, type Found, propertiesOf } from '../review/index.ts';
import { CaseCache } from './case-cache.ts';
import type { CaseRequest, Report, Request, WorkedOut, WorkerSetup } from './case-messages.ts';
import { describeError } from './errors.ts';
import { buildModel, type LoadedSpec, loadSpec } from './load.ts';

const setup = JSON.parse(process.argv[2] ?? '') as WorkerSetup;
let isAsked = false;
let loaded: Promise<{ readonly spec: LoadedSpec; readonly cache: CaseCache | undefined }> | undefined;

process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if (request === 'stop') isAsked = true;
  else workOut(request).then(outcome => tell({ outcome }), fail);
});

async function workOut({ assignment, limits, spent }: CaseRequest): Promise<WorkedOut> {
  try {
    loaded ??= load();
    const { spec, cache } = await loaded;
    const model = buildModel(spec.spec, assignment);
    const properties = setup.properties && propertiesOf(model, setup.properties);
    if (properties?.length === 0) return { isOutside: true };
    const before = cache?.again(assignment, setup.properties, model);
    if (before && 'result' in before) return before;
    const { ledger, ...result } = await checkCase(model, assignment, {
      ...limits,
      spent,
      properties,
      ledger: cache !== undefined,
      known: before?.known,
      interrupted: () => isAsked,
      onProgress: progress => tell({ progress }),
    });
    const found: Found = { result, entries: entriesOf(model) };
    if (ledger) cache?.keep(assignment, setup.properties, found, ledger);
    return found;
  } catch (error) {
    return { missing: describeError(error), isMistake: true };
  }
}

async function load() {
  const spec = await loadSpec(setup.spec);
  return { spec, cache: setup.cache ? CaseCache.of(spec) : undefined };
}

function tell(report: Report): void {
  process.send?.(report);
}

function fail(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}

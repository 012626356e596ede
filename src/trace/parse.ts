import type { ErrorObject } from 'ajv';
import { SpecError } from '../spec/index.ts';
import { traceSchema } from './schema.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from './trace.ts';

/**
 * Reads the text of a trace file; `name` is what errors call it. The schema validator is loaded when first needed.
 *
 * @throws SpecError when the text is not JSON, not a trace, of another version, or damaged.
 */
export async function parseTrace(content: string, name = 'the trace file'): Promise<Trace> {
  const data = parseJson(content, name);
  if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== TRACE_FORMAT) {
    throw new SpecError({
      what: `${name} is not a trace`,
      hint: `a trace is a JSON object with "format": "${TRACE_FORMAT}"; quiesce check --out DIR writes them`,
    });
  }
  if (!('version' in data) || data.version !== TRACE_VERSION) {
    const version = 'version' in data ? `version ${JSON.stringify(data.version)}` : 'no version';
    throw new SpecError({
      what: `${name} has ${version} of the trace format, and this quiesce reads version ${TRACE_VERSION}`,
      hint: 'check the spec again with this quiesce, or use the one that wrote the file',
    });
  }
  const wrong = (await validationError(data)) ?? contradiction(data as Trace);
  if (wrong === undefined) return data as Trace;
  throw new SpecError({ what: `${name} is damaged: ${wrong}`, hint: 'check the spec again to have it written anew' });
}

function parseJson(content: string, name: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new SpecError({
      what: `${name} is not JSON`,
      hint: content.trim() === '' ? 'it is empty' : 'it may be cut off, or be something else than a trace',
    });
  }
}

/** Where and how the data differs from the schema; undefined when it does not. */
async function validationError(data: unknown): Promise<string | undefined> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(traceSchema);
  if (validate(data)) return undefined;
  const [error] = validate.errors as [ErrorObject];
  const place = error.instancePath.slice(1) || 'the trace';
  const extra = 'additionalProperty' in error.params ? ` ('${error.params.additionalProperty}')` : '';
  return `${place} ${error.message}${extra}`;
}

/** What a schema cannot say: steps are numbered in order, and threads and variables that are named exist. */
function contradiction({ steps, threads, locks, initial, start, culprits }: Trace): string | undefined {
  const unknown = [...culprits, ...start.map(p => p.thread)].find(name => !threads.includes(name));
  if (unknown !== undefined) return `thread '${unknown}' is not among its threads`;
  const lock = locks.find(name => !(name in initial));
  if (lock !== undefined) return `lock '${lock}' is not among its variables`;
  for (const [index, { number, thread, positions }] of steps.entries()) {
    if (number !== index + 1) return `step ${index + 1} has number ${number}`;
    const stranger = [thread, ...positions.map(p => p.thread)].find(name => name !== null && !threads.includes(name));
    if (stranger) return `step ${number} names thread '${stranger}', which is not among its threads`;
  }
  return undefined;
}

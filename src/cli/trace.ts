import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import picocolors from 'picocolors';
import { casesOf } from '../spec/index.ts';
import {
  type Palette,
  parseTrace,
  plain,
  renderJson,
  renderMail,
  renderMermaid,
  renderStateGraph,
  renderSvg,
  renderSwimlane,
  renderText,
  replay,
  type Trace,
} from '../trace/index.ts';
import type { TraceArguments, TraceForm } from './arguments.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { buildModel, type LoadedSpec, loadSpec } from './load.ts';
import { print } from './output.ts';
import { isColoured } from './terminal.ts';

/** `quiesce trace FILE`: a stored counterexample, taken again step by step on its spec, in another form. */
export async function traceCommand({ file, as, spec }: TraceArguments): Promise<number> {
  const trace = await parseTrace(readText(file), file);
  const loaded = await loadSpecOf(trace, file, spec);
  const [assignment = {}] = casesOf(
    { ...loaded.spec, configurations: {}, defaultConfiguration: undefined },
    undefined,
    trace.parameters,
  );
  const replayed = replay(buildModel(loaded.spec, assignment), trace);
  const rendered = await render(replayed, as, picocolors.createColors(isColoured(process.stdout)));
  await print(rendered.endsWith('\n') ? rendered : `${rendered}\n`);
  return exitStatus.holds;
}

/** A trace in one of the forms that the command line names. */
export async function render(trace: Trace, form: TraceForm, palette: Palette = plain): Promise<string> {
  switch (form) {
    case 'text':
      return renderText(trace, palette);
    case 'mail':
      return renderMail(trace);
    case 'dot':
      return renderStateGraph(trace);
    case 'svg':
      return await renderSvg(renderStateGraph(trace));
    case 'swimlane':
      return renderSwimlane(trace);
    case 'swimlane-svg':
      return await renderSvg(renderSwimlane(trace));
    case 'mermaid':
      return renderMermaid(trace);
    case 'json':
      return renderJson(trace);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError({ what: `the trace file ${file} cannot be read: ${messageOf(error)}` });
  }
}

/** A path in a trace is relative to where check ran: that is tried first, then the trace's own folder and those above. */
async function loadSpecOf(trace: Trace, file: string, given: string | undefined): Promise<LoadedSpec> {
  if (given !== undefined) return await loadSpec(given);
  if (!trace.spec.startsWith('.')) return await loadSpec(trace.spec);
  for (const folder of [process.cwd(), ...foldersFrom(dirname(resolve(file)))]) {
    const path = resolve(folder, trace.spec);
    if (existsSync(path)) return await loadSpec(path);
  }
  throw new InputError({
    what: `the spec of ${shorten(resolve(file))} was not found: there is no '${trace.spec}' here or above the trace`,
    hint: 'name it with --spec',
  });
}

/** A folder and those above it. */
const foldersFrom = (folder: string): string[] =>
  folder === dirname(folder) ? [folder] : [folder, ...foldersFrom(dirname(folder))];

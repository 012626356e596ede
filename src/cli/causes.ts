import { join } from 'node:path';
import picocolors from 'picocolors';
import { type Cause, gatherEvidence, groupByCause } from '../review/index.ts';
import { idOfWrite, renderJson, storyOfNeeds } from '../trace/index.ts';
import type { CausesArguments } from './arguments.ts';
import { selectCases } from './cases.ts';
import { formatCauses } from './causes-text.ts';
import { statusOf } from './exit-status.ts';
import { catchInterrupt } from './interrupt.ts';
import { buildModel } from './load.ts';
import { print, writeWhole } from './output.ts';
import { isColoured } from './terminal.ts';
import { fileNameOf } from './trace-files.ts';

/** `quiesce causes SPEC`: counterexamples grouped by the write that all of a group need. */
export async function causesCommand(args: CausesArguments): Promise<number> {
  const selection = await selectCases(args);
  const { spec, cases, reference } = selection;
  const interrupt = catchInterrupt();
  const { result, evidence } = await gatherEvidence(cases, {
    reference,
    build: assignment => buildModel(spec, assignment),
    properties: args.property,
    interrupted: interrupt.asked,
  }).finally(interrupt.release);
  const found = groupByCause(evidence);
  const files = args.out === undefined ? undefined : writeCauses(found.causes, args.out);
  if (args.json) {
    const object = {
      spec: spec.name,
      verdict: result.verdict,
      ...(result.reason === undefined ? {} : { reason: result.reason }),
      causes: found.causes.map(cause => causeObject(cause, files?.get(cause))),
      unexplained: found.unexplained.map(({ trace }) => counterexample(trace)),
    };
    await print(`${JSON.stringify(object, null, 2)}\n`);
  } else {
    const colors = picocolors.createColors(isColoured(process.stdout));
    await print(formatCauses(found, { selection, result, files, colors }));
  }
  return statusOf(result.verdict);
}

/** Writes the shortest counterexample of each cause into a folder; answers the paths. */
function writeCauses(causes: readonly Cause[], folder: string): ReadonlyMap<Cause, string> {
  const width = String(causes.length).length;
  return new Map(
    causes.map((cause, i) => {
      const { procedure, step } = cause.write;
      const number = String(i + 1).padStart(width, '0');
      const path = join(folder, `${number}-${fileNameOf(`${procedure ?? ''} ${step}`)}.json`);
      writeWhole(path, renderJson(cause.evidence[0].trace));
      return [cause, path];
    }),
  );
}

const counterexample = ({ property, steps, parameters }: Cause['evidence'][number]['trace']) => ({
  property: property.name,
  depth: steps.length,
  parameters,
});

/** One cause as `causes --json` prints it; the shortest counterexample is in it, or with --out the path of its file. */
function causeObject({ write, isTelling, evidence }: Cause, file: string | undefined): object {
  const [first] = evidence;
  return {
    id: idOfWrite(write),
    write,
    telling: isTelling,
    counterexamples: evidence.map(({ trace }) => counterexample(trace)),
    steps: storyOfNeeds(first.trace, first.needs).map(({ step }) => step.number),
    trace: file ?? first.trace,
  };
}

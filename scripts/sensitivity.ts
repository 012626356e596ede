// npm run sensitivity -- [-c CONFIGURATION] [--revision REVISION] [--setting NAME]: which violations of mana-reset
// survive which assumptions about the application and the environment. Checks the configurations of both revisions under
// each setting and writes docs/mana-reset-sensitivity.md; restricted to some of them, prints the tables instead.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildModel } from '../src/cli/load.ts';
import { writeWhole } from '../src/cli/output.ts';
import { checkCases } from '../src/review/index.ts';
import { type Assignment, casesOf } from '../src/spec/index.ts';
import { projectSpecs, root } from './support/spec-files.ts';
import { formatMarkdownTable } from './support/table.ts';

interface Setting {
  readonly name: string;
  readonly pinned: Readonly<Assignment>;
  readonly about: string;
}

const patient = { deadline: 'patient' } as const;
const settings: readonly Setting[] = [
  { name: 'default', pinned: {}, about: 'the parameters as each case has them' },
  {
    name: 'C1',
    pinned: { contract: 1 },
    about:
      'the application begins one control call at a time, none between ERR_RECOVERING and the terminal event, and only stop and close after RECOVERY_FAILED or INTR_RMV',
  },
  {
    name: 'C2',
    pinned: { contract: 2 },
    about: 'also no call meets an event of the kernel that has not been reported yet',
  },
  {
    name: 'C2, patient',
    pinned: { contract: 2, ...patient },
    about: 'also the recovery timer does not fire while an interrupt handler runs unblocked',
  },
  { name: 'patient', pinned: patient, about: 'the recovery timer alone' },
  {
    name: 'patient, no spurious',
    pinned: { ...patient, spurious: false },
    about: 'the recovery timer, and condition variables that wake only when signalled or late',
  },
  { name: 'no spurious', pinned: { spurious: false }, about: 'condition variables alone' },
  {
    name: 'block',
    pinned: { selfJoin: 'block' },
    about: 'a thread that joins itself blocks; by default it gets EDEADLK',
  },
  {
    name: 'core',
    pinned: { contract: 2, ...patient, fatals: 1, removeThread: 'INTR', portName: 'differs' },
    about:
      'all that favours the driver: contract 2, patient, at most one DEVICE_FATAL, removal callbacks on the interrupt thread, port names as this driver makes them',
  },
];

const { values } = parseArgs({
  options: {
    configuration: { type: 'string', short: 'c', multiple: true },
    revision: { type: 'string', multiple: true },
    setting: { type: 'string', multiple: true },
  },
});
const chosen = settings.filter(({ name }) => values.setting?.includes(name) ?? true);
if (chosen.length === 0) throw new Error(`the settings are ${settings.map(({ name }) => name).join('; ')}`);

const [project] = await projectSpecs('mana-reset');
if (!project) throw new Error("there is no spec 'mana-reset'");
const { name: reference, spec } = project;
const configurations = values.configuration ?? Object.keys(spec.configurations);
const revisions = values.revision ?? ['R2', 'R7'];

const tables: string[] = [];
for (const revision of revisions) {
  const rows = new Map<string, string[]>();
  for (const { name, pinned } of chosen) {
    const cells = await cellsOf({ ...pinned, revision });
    for (const [property, cell] of cells) rows.set(property, [...(rows.get(property) ?? []), cell]);
    console.error(`${revision}, ${name}: checked`);
  }
  const sorted = [...rows].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const head = ['property', ...chosen.map(({ name }) => name)];
  tables.push(`## ${revision}\n\n${formatMarkdownTable([head, ...sorted.map(([name, cells]) => [name, ...cells])])}`);
}

/** For each property the shortest counterexample and the first configuration that has one so short: "28 M5". */
async function cellsOf(pinned: Assignment): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, { depth: number; cell: string }>();
  for (const configuration of configurations) {
    const cases = casesOf(spec, configuration, pinned);
    const { properties } = await checkCases(cases, { reference, build: assignment => buildModel(spec, assignment) });
    for (const property of properties) {
      const known = found.get(property.name);
      const depth = property.verdict === 'violated' ? property.depth : Number.POSITIVE_INFINITY;
      if (known && known.depth <= depth && property.verdict !== 'no-verdict') continue;
      if (property.verdict === 'violated') found.set(property.name, { depth, cell: `${depth} ${configuration}` });
      else if (property.verdict === 'no-verdict' && (known?.depth ?? depth) === depth)
        found.set(property.name, { depth, cell: 'no verdict' });
      else if (!known) found.set(property.name, { depth, cell: '-' });
    }
  }
  return new Map([...found].map(([name, { cell }]) => [name, cell]));
}

const isWhole = !values.configuration && !values.revision && !values.setting;
const text = `# MANA reset: what each violation needs

Which violations of \`mana-reset\` survive which assumptions about the application and its environment. Generated by
\`npm run sensitivity\`${isWhole ? '' : ', restricted'}; [mana-reset.md](mana-reset.md) explains the properties and what follows.

Every case of ${configurations.join(', ')} is checked with the parameters of the setting in place of its own. A cell is
\`-\` where the property holds in all of them; otherwise the length of the shortest counterexample, in steps, and a
configuration that has it; \`no verdict\` where a search did not come to its end, or had nothing to judge. To see one:
\`npx quiesce check mana-reset -c M5 -p revision=R7 -p contract=2 -p deadline=patient\`.

${formatMarkdownTable([
  ['setting', 'parameters', 'meaning'],
  ...chosen.map(({ name, pinned, about }) => [
    name,
    Object.entries(pinned)
      .map(([key, value]) => `\`${key}=${value}\``)
      .join(' ') || 'none',
    about,
  ]),
])}

${tables.join('\n\n')}
`;

if (isWhole) {
  const file = join('docs', 'mana-reset-sensitivity.md');
  writeWhole(join(root, file), text);
  console.error(`wrote ${file}`);
} else {
  console.log(text);
}

import type { Parameter, ParameterValue } from '../spec/index.ts';
import type { ListArguments } from './arguments.ts';
import { catalogue } from './catalogue.ts';
import { exitStatus } from './exit-status.ts';
import { print } from './output.ts';

/** `quiesce list`: the specs that come with quiesce, none of them loaded. `quiesce list SPEC`: what it offers. */
export async function listCommand({ spec, json }: ListArguments): Promise<number> {
  if (spec !== undefined) return await listOne(spec, json);
  const entries = catalogue();
  if (json) {
    await print(
      `${JSON.stringify(
        entries.map(({ name, group }) => ({ name, group })),
        null,
        2,
      )}\n`,
    );
    return exitStatus.holds;
  }
  const width = Math.max(...entries.map(({ name }) => name.length), 0);
  const lines = entries.map(({ name, group }) => `${name.padEnd(width)}  ${group}`.trimEnd());
  await print(`${[...lines, '', '`quiesce list NAME` shows parameters, configurations and properties.'].join('\n')}\n`);
  return exitStatus.holds;
}

async function listOne(argument: string, json: boolean): Promise<number> {
  const { selectCases } = await import('./cases.ts');
  const { buildModel } = await import('./load.ts');
  const { spec, cases } = await selectCases({ spec: argument, parameter: [], configuration: undefined });
  const parameters = Object.entries(spec.parameters as Readonly<Record<string, Parameter<ParameterValue>>>);
  const model = buildModel(spec, cases[0] ?? {});
  if (json) {
    const object = {
      name: spec.name,
      about: spec.about,
      parameters: parameters.map(([name, { default: value, range, about }]) => ({
        name,
        default: value,
        range,
        about,
      })),
      configurations: spec.configurations,
      defaultConfiguration: spec.defaultConfiguration ?? null,
      properties: model.properties.map(({ name, kind, because }) => ({
        name,
        kind: kind === 'waitCycle' ? 'deadlock' : kind,
        because,
      })),
    };
    await print(`${JSON.stringify(object, null, 2)}\n`);
    return exitStatus.holds;
  }
  const configurations = Object.entries(spec.configurations).map(([name, { length }]) => [
    name,
    `${length} ${length === 1 ? 'case' : 'cases'}${name === spec.defaultConfiguration ? ', the default' : ''}`,
  ]);
  const sections = [
    `${spec.name}${spec.about ? `: ${spec.about}` : ''}`,
    section(
      'parameters',
      parameters.map(([name, p]) => [`${name}=${p.default}`, [p.range, p.about].filter(Boolean).join('; ')]),
    ),
    section('configurations', configurations),
    section(
      'properties',
      model.properties.map(({ name, because }) => [name, because ?? '']),
    ),
  ];
  await print(`${sections.join('\n\n')}\n`);
  return exitStatus.holds;
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length), 0);
  return [
    title,
    ...rows.map(([name = '', text = '']) => `  ${name.padEnd(width)}  ${text}`.trimEnd()),
    ...(rows.length ? [] : ['  none']),
  ].join('\n');
}

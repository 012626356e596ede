import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CommandDeclaration, Declaration, Declaring } from './commands.ts';

/** Not the same to all parsers: empty values, values of flags, values attached to short options, what follows a --. */
const AMBIGUOUS = /^(?:|-|--|true|false|-[^-].+|.*=)$/s;

/**
 * The arguments of a command line that is well formed and simple, as yargs would answer them under their long camel-case
 * names; undefined for every other one: it is for yargs to see what is wrong with it, or to show the help. Loading yargs
 * takes as long as checking a small spec.
 */
export function quickArguments(
  { takes, declare }: CommandDeclaration,
  args: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const list = new DeclarationList();
  declare(list);
  if (args.some(arg => AMBIGUOUS.test(arg))) return undefined;
  const parsed = parsedBy(list.options, args);
  if (!parsed || parsed.positionals.length > 1) return undefined;
  const [positional] = parsed.positionals;
  if (positional === undefined && takes !== '[spec]') return undefined;
  const result: Record<string, unknown> = { [takes.slice(1, -1)]: positional };
  for (const [name, declaration] of list.options) {
    const values = parsed.values[name] as readonly (string | boolean)[] | undefined;
    if (values && values.length > 1 && !declaration.array) return undefined;
    if (values?.some(value => declaration.choices?.includes(String(value)) === false)) return undefined;
    result[camelCase(name)] = declaration.array
      ? (values ?? declaration.default)
      : (values?.[0] ?? declaration.default);
  }
  return result;
}

function parsedBy(options: ReadonlyMap<string, Declaration>, args: readonly string[]) {
  const config: ParseArgsConfig['options'] = Object.fromEntries(
    [...options].map(([name, { type = 'string', alias }]) => [
      name,
      { type, multiple: true, ...(alias !== undefined && { short: alias }) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options: config, allowPositionals: true, allowNegative: true });
  } catch {
    return undefined;
  }
}

/** Remembers the options that are declared. */
class DeclarationList implements Declaring {
  readonly options = new Map<string, Declaration>();

  positional(): this {
    return this;
  }

  option(name: string, declaration: Declaration): this {
    this.options.set(name, declaration);
    return this;
  }
}

const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

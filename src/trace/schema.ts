import { TRACE_FORMAT, TRACE_VERSION } from './trace.ts';

const text = { type: 'string' } as const;
const names = { type: 'array', items: text } as const;
const orNull = (type: 'string') => ({ type: [type, 'null'] }) as const;
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const list = (name: string) => ({ type: 'array', items: ref(name) });

/** An object that has these fields, all of them but the optional ones, and no others. */
const object = (properties: Readonly<Record<string, unknown>>, ...optional: readonly string[]) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
  additionalProperties: false,
});

const tagged = (tag: string, content: unknown) => object({ [tag]: content });

/** The JSON Schema (2020-12) of a trace file, version 1. */
export const traceSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A counterexample of quiesce',
  ...object({
    format: { const: TRACE_FORMAT },
    version: { const: TRACE_VERSION },
    spec: text,
    parameters: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    property: object(
      {
        name: text,
        kind: { enum: ['invariant', 'stepInvariant', 'observer', 'endState', 'deadlock', 'stuck', 'race', 'misuse'] },
        because: text,
      },
      'because',
    ),
    detail: text,
    at: { enum: ['step', 'state'] },
    culprits: names,
    threads: names,
    locks: names,
    initial: ref('state'),
    start: list('position'),
    steps: list('step'),
  }),
  $defs: {
    value: {
      anyOf: [
        { type: ['string', 'number', 'boolean', 'null'] },
        tagged('bigint', { type: 'string', pattern: '^-?[0-9]+$' }),
        tagged('number', { enum: ['NaN', 'Infinity', '-Infinity'] }),
        tagged('handle', text),
        tagged('record', { type: 'array', items: { type: 'object', additionalProperties: ref('value') } }),
        ...['list', 'set', 'orderedset', 'stack'].map(tag => tagged(tag, list('value'))),
        ...['map', 'orderedmap'].map(tag => tagged(tag, list('entry'))),
      ],
    },
    entry: object({ key: ref('value'), value: ref('value') }),
    state: { type: 'object', additionalProperties: ref('value') },
    position: object(
      {
        thread: text,
        at: orNull('string'),
        status: { enum: ['ready', 'resting', 'blocked', 'ended'] },
        waitsFor: text,
      },
      'waitsFor',
    ),
    citation: object({ file: text, function: text, identifier: text, line: { type: 'integer', minimum: 1 } }, 'line'),
    step: object({
      number: { type: 'integer', minimum: 1 },
      thread: orNull('string'),
      path: names,
      step: text,
      choice: orNull('string'),
      alternative: { type: 'integer', minimum: 0 },
      cite: list('citation'),
      reads: { type: 'array', items: object({ variable: text, value: ref('value') }) },
      writes: { type: 'array', items: object({ variable: text, before: ref('value'), after: ref('value') }) },
      violates: { anyOf: [object({ property: text, detail: text }), { type: 'null' }] },
      state: ref('state'),
      positions: list('position'),
    }),
  },
} as const;

import * as Immutable from 'immutable';
import { SpecError } from './errors.ts';
import { Handle } from './handle.ts';

/**
 * A value of a variable: a primitive, a handle (of a thread, say), or an `immutable` collection of values.
 * Values are compared by what they contain, never by identity.
 */
export type Value = unknown;

const canonicalObjects = new WeakSet<object>();
const keys = new WeakMap<object, string>();

/**
 * The one representative of a value: unordered collections get their elements in one total order, -0 becomes 0.
 *
 * @throws SpecError for undefined, functions, symbols, class instances, arrays, plain objects and collections
 * that are still mutable: whatever could change behind the checker's back, or has no value of its own.
 */
export function canonical(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return value === 0 ? 0 : value;
    case 'object':
      return value === null ? null : canonicalObject(value);
    default:
      throw refused(typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`);
  }
}

function canonicalObject(value: object): Value {
  if (value instanceof Handle || canonicalObjects.has(value)) return value;
  if ((value as { __ownerID?: unknown }).__ownerID !== undefined)
    throw refused('a collection that is still mutable (asMutable)');
  const result = rebuild(value);
  canonicalObjects.add(result);
  return result;
}

function rebuild(value: object): object {
  if (Immutable.Record.isRecord(value)) {
    let record = value as Immutable.Record<Record<string, unknown>>;
    for (const [key, item] of Object.entries(record.toObject())) record = record.set(key, canonical(item));
    return record;
  }
  if (Immutable.List.isList(value)) return value.map(canonical);
  if (Immutable.Stack.isStack(value)) return Immutable.Stack(value.toArray().map(canonical));
  if (Immutable.OrderedSet.isOrderedSet(value)) return Immutable.OrderedSet(value.toArray().map(canonical));
  if (Immutable.OrderedMap.isOrderedMap(value)) return Immutable.OrderedMap(pairs(value));
  if (Immutable.Set.isSet(value)) return Immutable.Set(value.toArray().map(canonical).sort(compareValues));
  if (Immutable.Map.isMap(value)) return Immutable.Map(pairs(value).sort(([a], [b]) => compareValues(a, b)));
  throw refused(describe(value));
}

const pairs = (map: Immutable.Collection.Keyed<unknown, unknown>): [Value, Value][] =>
  [...map.entries()].map(([k, v]) => [canonical(k), canonical(v)]);

/** The value with its primitives and handles replaced, wherever they lie in it: elements, keys and fields. */
export function transformed(value: Value, of: (part: Value) => Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Handle) return of(value);
  const inside = (part: unknown) => transformed(part, of);
  if (Immutable.Record.isRecord(value)) {
    let record = value as Immutable.Record<Record<string, unknown>>;
    for (const [key, item] of Object.entries(record.toObject())) record = record.set(key, inside(item));
    return canonical(record);
  }
  if (Immutable.isKeyed(value)) {
    const entries = [...(value as Immutable.Map<unknown, unknown>).entries()].map(([k, v]) => [inside(k), inside(v)]);
    const pairs = entries as [unknown, unknown][];
    return canonical(Immutable.OrderedMap.isOrderedMap(value) ? Immutable.OrderedMap(pairs) : Immutable.Map(pairs));
  }
  const items = [...(value as Immutable.List<unknown>)].map(inside);
  if (Immutable.List.isList(value)) return canonical(Immutable.List(items));
  if (Immutable.Stack.isStack(value)) return canonical(Immutable.Stack(items));
  return canonical(Immutable.OrderedSet.isOrderedSet(value) ? Immutable.OrderedSet(items) : Immutable.Set(items));
}

function describe(value: object): string {
  if (Array.isArray(value)) return 'an array';
  if (Immutable.isSeq(value)) return 'a Seq, which is computed late';
  const name = value.constructor?.name;
  return !name || name === 'Object' ? 'a plain object' : `a ${name}`;
}

function refused(what: string): SpecError {
  return new SpecError({
    what: `${what} cannot be kept in a state`,
    hint: 'a value is a string, number, boolean, bigint or null, a thread, or a List, Map, Set, OrderedMap, OrderedSet, Stack or Record of immutable',
  });
}

/** A total order on canonical values: by type, then numbers by size (NaN first) and everything else by its text. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number')
    return Number(Number.isNaN(b)) - Number(Number.isNaN(a)) || a - b || 0;
  const [x, y] = typeof a === 'string' && typeof b === 'string' ? [a, b] : [keyOf(a), keyOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A text that two canonical values share exactly when they are the same value. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  const known = keys.get(value);
  if (known !== undefined) return known;
  const key = objectKey(value);
  keys.set(value, key);
  return key;
}

function objectKey(value: object): string {
  if (value instanceof Handle) return `@${value.name}`;
  if (Immutable.Record.isRecord(value)) {
    const name = Immutable.Record.getDescriptiveName(value);
    return `${name}(${Object.entries(value.toObject())
      .map(([k, v]) => `${k}:${keyOf(v)}`)
      .join(',')})`;
  }
  const items = Immutable.isKeyed(value)
    ? [...(value as Immutable.Map<unknown, unknown>).entries()].map(([k, v]) => `${keyOf(k)}:${keyOf(v)}`)
    : [...(value as Immutable.List<unknown>)].map(keyOf);
  return `${collectionName(value)}[${items.join(',')}]`;
}

function collectionName(value: object): string {
  if (Immutable.List.isList(value)) return '';
  if (Immutable.OrderedMap.isOrderedMap(value)) return 'OrderedMap';
  if (Immutable.OrderedSet.isOrderedSet(value)) return 'OrderedSet';
  if (Immutable.Map.isMap(value)) return 'Map';
  if (Immutable.Set.isSet(value)) return 'Set';
  return 'Stack';
}

/** A value as a person reads it: short, unquoted, in one line. */
export function formatValue(value: Value): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'none' : String(value);
  if (value instanceof Handle) return value.name;
  if (Immutable.Record.isRecord(value)) {
    return `(${Object.entries(value.toObject())
      .map(([k, v]) => `${k}: ${formatValue(v)}`)
      .join(', ')})`;
  }
  const [open, close] = Immutable.Set.isSet(value) || Immutable.isKeyed(value) ? ['{', '}'] : ['[', ']'];
  const items = Immutable.isKeyed(value)
    ? [...(value as Immutable.Map<unknown, unknown>).entries()].map(([k, v]) => `${formatValue(k)}: ${formatValue(v)}`)
    : [...(value as Immutable.List<unknown>)].map(formatValue);
  return `${open}${items.join(', ')}${close}`;
}

/** A value as JSON: primitives as they are, the rest tagged ({"list": ...}, {"set": ...}, {"map": [[k, v], ...]}). */
export type JsonValue = string | number | boolean | null | { readonly [tag: string]: JsonValue | readonly JsonValue[] };

/** The JSON form of a canonical value; equal values have equal JSON. */
export function encodeValue(value: Value): JsonValue {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (typeof value !== 'object' || value === null) return value as string | number | boolean | null;
  if (value instanceof Handle) return { handle: value.name };
  if (Immutable.Record.isRecord(value)) {
    return { record: Object.entries(value.toObject()).map(([k, v]) => ({ [k]: encodeValue(v) })) };
  }
  const name = (collectionName(value) || 'list').toLowerCase();
  if (Immutable.isKeyed(value)) {
    const entries = [...(value as Immutable.Map<unknown, unknown>).entries()];
    return { [name]: entries.map(([k, v]) => ({ key: encodeValue(k), value: encodeValue(v) })) };
  }
  return { [name]: [...(value as Immutable.List<unknown>)].map(encodeValue) };
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Ledger, reproduce } from '../checker/index.ts';
import { type Beginning, type Found, propertiesOf } from '../review/index.ts';
import type { Assignment, Model } from '../spec/index.ts';
import { cacheFolder } from './bundle-cache.ts';
import type { CaseSearch } from './case-messages.ts';
import { digestOf } from './digest.ts';
import { engineDigest } from './engine.ts';
import type { LoadedSpec } from './load.ts';
import { writeWhole } from './output.ts';

/** What is stored of a case. The ledger lies beside it, in a file of its own, since it is rarely needed. */
interface Stored {
  /** Format, version and digest of what made it. */
  readonly madeBy: string;
  /** The digest of the spec's source; null for a spec that imports other packages. */
  readonly source: string | null;
  /** When the search was made. */
  readonly since: string;
  readonly result: Found['result'];
  readonly entries: readonly string[];
  /** The digest of the ledger, packed. */
  readonly ledger: string;
}

/** Raise it when cases are stored differently. */
const format = 1;
/** Bytes for the cases of all specs that share a folder. */
const room = 512 * 2 ** 20;

/**
 * What earlier searches found, case by case. A stored result stands when the source of the spec and the engine is the
 * same, or when every leaf of the search is reproduced; what cannot be read is as good as not there.
 */
export class CaseCache {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #madeBy: string;
  readonly #source: string | null;
  readonly #search: CaseSearch;

  private constructor(folder: string, spec: LoadedSpec, search: CaseSearch) {
    this.#folder = folder;
    this.#prefix = digestOf(spec.source).slice(0, 12);
    this.#madeBy = `${format} ${engineDigest()}`;
    this.#source = spec.digest() ?? null;
    this.#search = search;
  }

  /**
   * The cache of a spec for what is asked of its cases; undefined where nothing can be written, and for searches that end at
   * the first violation: where that is depends on more than what they find.
   */
  static of(spec: LoadedSpec, search: CaseSearch): CaseCache | undefined {
    if (search.first) return undefined;
    const parent = cacheFolder(spec.source);
    if (parent === undefined) return undefined;
    const folder = join(parent, 'cases');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return new CaseCache(folder, spec, search);
    } catch {
      return undefined;
    }
  }

  /** How many states a case had when it was last searched, and its outcome if its source is the same. */
  recall(assignment: Assignment): { readonly states?: number; readonly outcome?: Found } {
    const name = this.#name(assignment);
    const stored = this.#read(name);
    if (!stored) return {};
    const { result, entries, since, source, madeBy } = stored;
    const { states } = result;
    if (madeBy !== this.#madeBy || source === null || source !== this.#source) return { states };
    this.#touch(name);
    const outcome: Found = { result, entries, reused: { since, leaves: undefined } };
    return this.#isAnswer(outcome) ? { states, outcome } : { states };
  }

  /**
   * Runs all leaves of a case again: its outcome if every one is reproduced, otherwise in what it differs and what of it
   * a search can begin with; undefined when nothing is stored that says anything.
   */
  again(assignment: Assignment, model: Model): Found | Beginning | undefined {
    if (this.#search.reduce) return undefined;
    const name = this.#name(assignment);
    const stored = this.#read(name);
    if (!stored || stored.madeBy !== this.#madeBy) return undefined;
    const ledger = this.#readLedger(name, stored);
    if (!ledger) return undefined;
    const { since } = stored;
    const { properties } = this.#search;
    const reproduction = reproduce(model, ledger, properties && propertiesOf(model, properties));
    if (!reproduction.isSame) {
      const { differing, because, leaves, known } = reproduction;
      const parts = differing.length > 0 ? differing : [because];
      return { known, changes: { since, differing: parts, reproduced: leaves, leaves: ledger.entries.length } };
    }
    // From now on this source is known to mean the same.
    this.#store(name, { ...stored, source: this.#source });
    const because = new Map(model.properties.map(property => [property.name, property.because]));
    const told = stored.result.properties.map(p => ({ ...p, because: because.get(p.name) }));
    const result = { ...stored.result, properties: told };
    const outcome = { result, entries: stored.entries, reused: { since, leaves: reproduction.leaves } };
    return this.#isAnswer(outcome) ? outcome : undefined;
  }

  /** A reduction has other counts; a limit of states ends a search in the same place, whether more is known or not. */
  #isAnswer({ result }: Found): boolean {
    const { reduce, maxStates } = this.#search;
    return reduce === undefined && (maxStates === undefined || result.states <= maxStates);
  }

  /** Keeps the outcome of a search that came to its end. */
  keep(assignment: Assignment, { result, entries }: Found, ledger: Ledger): void {
    const name = this.#name(assignment);
    const packed = gzipSync(JSON.stringify(ledger), { level: 1 });
    const [madeBy, source, since] = [this.#madeBy, this.#source, new Date().toISOString()];
    this.#write(`${name}.ledger`, packed);
    this.#store(name, { madeBy, source, since, result, entries, ledger: digestOf(packed) });
  }

  /** Removes what was not used for longest until the rest fits. */
  prune(): void {
    try {
      const files = readdirSync(this.#folder)
        .map(file => ({ file, ...statSizes(join(this.#folder, file)) }))
        .sort((a, b) => b.used - a.used);
      let left = room;
      for (const { file, size } of files) {
        left -= size;
        if (left < 0) rmSync(join(this.#folder, file), { force: true });
      }
    } catch {
      // Another process may be doing the same.
    }
  }

  #name(assignment: Assignment): string {
    const { properties } = this.#search;
    const parameters = Object.entries(assignment).sort(([a], [b]) => (a < b ? -1 : 1));
    return `${this.#prefix}-${digestOf(JSON.stringify([parameters, properties ?? null])).slice(0, 24)}`;
  }

  #read(name: string): Stored | undefined {
    try {
      const text = readFileSync(join(this.#folder, `${name}.json`), 'utf8');
      const end = text.indexOf('\n');
      const body = text.slice(end + 1);
      return digestOf(body) === text.slice(0, end) ? (JSON.parse(body) as Stored) : undefined;
    } catch {
      return undefined;
    }
  }

  #readLedger(name: string, stored: Stored): Ledger | undefined {
    try {
      const packed = readFileSync(join(this.#folder, `${name}.ledger`));
      if (digestOf(packed) !== stored.ledger) return undefined;
      return JSON.parse(gunzipSync(packed).toString()) as Ledger;
    } catch {
      return undefined;
    }
  }

  /** Writes an entry behind its digest, so that a damaged one is noticed. */
  #store(name: string, stored: Stored): void {
    const body = JSON.stringify(stored);
    this.#write(`${name}.json`, `${digestOf(body)}\n${body}`);
  }

  #write(file: string, data: string | Buffer): void {
    try {
      writeWhole(join(this.#folder, file), data, false);
    } catch {
      // A disk that is full: the check does not need the cache.
    }
  }

  #touch(name: string): void {
    const now = new Date();
    for (const file of [`${name}.json`, `${name}.ledger`]) {
      const path = join(this.#folder, file);
      if (existsSync(path)) utimesSync(path, now, now);
    }
  }
}

const statSizes = (file: string) => {
  const { size, mtimeMs } = statSync(file);
  return { size, used: mtimeMs };
};

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Checkpoint } from '../checker/index.ts';
import type { Found } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';
import { digestOf } from './digest.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import { writeWhole } from './output.ts';

/** What a checkpoint is about: it serves no other check. */
export interface Subject {
  /** The digest of what searches. */
  readonly engine: string;
  /** The name of the spec, and the digest of its source. */
  readonly spec: string;
  readonly source: string;
  readonly cases: readonly Assignment[];
  /** Null: all. */
  readonly properties: readonly string[] | null;
}

/** What a checkpoint file holds: the cases that are done, and where the search of the next one was. */
export interface Stored {
  readonly done: readonly (readonly [number: number, outcome: Found])[];
  readonly current: { readonly number: number; readonly checkpoint: Checkpoint } | undefined;
}

/** The first line of every checkpoint file. Raise the number when they are written differently. */
const MAGIC = 'quiesce checkpoint 1\n';
const DIGEST_BYTES = 32;

/**
 * Writes a checkpoint: the first line, a line of JSON, the bytes of the tree, and a digest of all that. The file is
 * there in full or as it was before.
 *
 * @throws InputError when there is no room, or no such folder
 */
export function writeCheckpoint(file: string, subject: Subject, stored: Stored): void {
  writeWhole(file, withDigest(piecesOf(subject, stored)));
}

function* piecesOf(subject: Subject, { done, current }: Stored): Generator<Uint8Array> {
  const { parents = [], transitions = [], large = [] } = current?.checkpoint.tree ?? {};
  const header = {
    subject,
    done,
    current: current && { ...current, checkpoint: { ...current.checkpoint, tree: undefined } },
    tree: { parents: sizeOf(parents), transitions: sizeOf(transitions), large },
  };
  yield Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);
  yield* parents;
  yield* transitions;
}

const sizeOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, piece) => sum + piece.length, 0);

function* withDigest(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const hash = createHash('sha256');
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  yield hash.digest();
}

/** The line of JSON. */
interface Header {
  readonly subject: Subject;
  readonly done: Stored['done'];
  readonly current?: { readonly number: number; readonly checkpoint: Omit<Checkpoint, 'tree'> };
  readonly tree: { readonly parents: number; readonly transitions: number; readonly large: [number, number][] };
}

/** Reads a checkpoint of this very check. @throws InputError why it is none */
export function readCheckpoint(file: string, subject: Subject): Stored {
  const refuse = (what: string, hint = 'begin anew without --resume') =>
    new InputError({ what: `${shorten(file)} ${what}`, hint });
  let data: Buffer;
  try {
    data = readFileSync(file);
  } catch (error) {
    throw refuse(`cannot be read: ${messageOf(error)}`);
  }
  if (data.subarray(0, MAGIC.length).toString('latin1') !== MAGIC)
    throw refuse('is no checkpoint, or one of another version of quiesce');
  const end = data.length - DIGEST_BYTES;
  const content = data.subarray(0, Math.max(0, end));
  if (end < MAGIC.length || digestOf(content) !== data.subarray(end).toString('hex'))
    throw refuse('is damaged: it is not what was written');
  const start = content.indexOf('\n', MAGIC.length) + 1;
  const { subject: other, done, current, tree } = JSON.parse(content.toString('utf8', MAGIC.length, start)) as Header;
  if (other.engine !== subject.engine) throw refuse('was written by another version of quiesce');
  if (other.spec !== subject.spec) throw refuse(`is about the spec '${other.spec}', not '${subject.spec}'`);
  if (other.source !== subject.source) throw refuse('was written before the spec was changed');
  if (!isDeepStrictEqual(other.cases, subject.cases))
    throw refuse('is about other cases', 'give the same configuration and parameters');
  if (!isDeepStrictEqual(other.properties, subject.properties))
    throw refuse(
      `is about ${other.properties ? `these properties: ${other.properties.join(', ')}` : 'all properties'}`,
      'select the same with --property',
    );
  const transitions = start + tree.parents;
  const stored = {
    parents: [content.subarray(start, transitions)],
    transitions: [content.subarray(transitions, transitions + tree.transitions)],
    large: tree.large,
  };
  return {
    done,
    current: current && { number: current.number, checkpoint: { ...current.checkpoint, tree: stored } },
  };
}

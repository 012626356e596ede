import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError, messageOf, shorten } from './errors.ts';

/** Writes to standard output and waits until it is written. A reader that went away is no error. */
export function print(text: string): Promise<void> {
  return new Promise((done, fail) => {
    const failed = (error: NodeJS.ErrnoException | null | undefined) => {
      if (!error || error.code === 'EPIPE') done();
      else fail(new InputError({ what: `standard output cannot be written: ${error.message}` }));
    };
    // A failed write is told both ways; the event would end the process if nobody listened.
    process.stdout.once('error', failed);
    process.stdout.write(text, failed);
  });
}

/**
 * Writes a file so that it is there in full or not at all: a full disk or a killed process leaves the old file,
 * if there was one.
 *
 * @param data the content, whole or in pieces
 * @param sync whether to wait for the disk: what can be made again need not
 */
export function writeWhole(file: string, data: string | Buffer | Iterable<Uint8Array>, sync = true): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    const handle = openSync(temporary, 'w');
    try {
      for (const bytes of typeof data === 'string' || Buffer.isBuffer(data) ? [Buffer.from(data)] : data)
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      // A disk that is full may say so only now.
      if (sync) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw new InputError({
      what: `${shorten(file)} cannot be written: ${messageOf(error)}`,
      hint: 'nothing was left half written; make room, or name another place',
    });
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is the first error that counts.
  }
}

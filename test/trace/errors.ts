import { SpecError } from '../../src/spec/index.ts';

/** The three parts of the SpecError that something throws, the file without its folder and the line left out. */
export async function specErrorOf(run: () => unknown): Promise<readonly (string | undefined)[]> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const file = error.where?.locate()?.file;
    return [error.what, file?.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, ''), error.hint];
  }
  throw new Error('no error was thrown');
}

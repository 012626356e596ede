import { type FSWatcher, watch } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/** Milliseconds of silence after which a change is over: editors save in several steps. */
const SILENCE = 50;
const code = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/**
 * Watches files through their folders, since many editors save by putting another file in the place of the first. What
 * happens between two looks is remembered.
 */
export class FileWatch {
  readonly #folders = new Map<string, FSWatcher>();
  #files: ReadonlySet<string> = new Set();
  /** Whether any file of code in the folders counts: one that is missing has no name yet. */
  #isAny = false;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #tell = () => {};

  /** Looks at these files from now on; with `any` at everything else in their folders that may be code as well. */
  follow(files: readonly string[], any: boolean): void {
    this.#files = new Set(files);
    this.#isAny = any;
    const folders = new Set(files.map(file => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of folders) if (!this.#folders.has(folder)) this.#watch(folder);
  }

  /** Whether something has changed since `change` last answered. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Waits for a change, and until all is quiet again. @returns the files that changed */
  async change(): Promise<readonly string[]> {
    if (this.#changed.size === 0 || this.#timer !== undefined) {
      await new Promise<void>(resolve => {
        this.#tell = resolve;
      });
    }
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => this.#note(name === null ? folder : join(folder, name)));
      // A folder that goes away takes its files with it; the next check will say so.
      watcher.on('error', () => this.#note(folder));
      this.#folders.set(folder, watcher);
    } catch {
      // No such folder: whatever imports from it says so.
    }
  }

  #note(file: string): void {
    const counts = this.#files.has(file) || this.#folders.has(file) || (this.#isAny && code.includes(extname(file)));
    if (!counts) return;
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, SILENCE);
  }
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, shorten } from './errors.ts';
import { immutableEntry, libraryFolder } from './library.ts';

/** Checks the types of a spec file and of what it imports. @throws InputError with the compiler's messages */
export async function checkTypes(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-types-'));
  try {
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify(configFor(file), null, 2));
    const { status, stdout, error } = spawnSync(process.execPath, [compiler(), '-p', config, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    if (error) throw error;
    if (status === 0) return;
    throw new InputError({
      what: `the types of ${shorten(file)} are wrong`,
      hint: stdout.trim().replaceAll('\n', '\n  '),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Strict, with `quiesce` and `immutable` being the running ones, whether they are installed next to the spec or not. */
function configFor(file: string): object {
  const nodeTypes = findUpwards(dirname(file), join('node_modules', '@types', 'node'));
  return {
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: 'es2023',
      lib: ['es2023'],
      module: 'preserve',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      allowJs: true,
      skipLibCheck: true,
      types: nodeTypes === undefined ? [] : [nodeTypes],
      paths: { quiesce: [join(libraryFolder, 'index.d.ts')], immutable: [immutableTypes()] },
    },
    files: [file],
  };
}

function compiler(): string {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  return join(dirname(manifest), 'bin', 'tsc');
}

function immutableTypes(): string {
  const entry = fileURLToPath(immutableEntry);
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { types } = JSON.parse(readFileSync(manifest, 'utf8')) as { types?: string };
      if (types !== undefined) return join(folder, types);
    }
    if (folder === dirname(folder)) return entry;
  }
}

function findUpwards(from: string, path: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (folder === dirname(folder)) return undefined;
  }
}

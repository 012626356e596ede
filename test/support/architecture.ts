import { posix } from 'node:path';

/** Sources by path relative to the project, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** How far right a room of src/ stands: it may import what stands further left. */
const rooms: Record<string, number> = { spec: 0, checker: 1, trace: 2, review: 3, export: 3, explorer: 4, cli: 5 };
/** The rooms that may touch files, terminal and network. */
const outerRooms = ['explorer', 'cli'];
const outerModules = /^(?:node:)?(?:fs|http|https|net|child_process|readline|tty)(?:\/|$)/;
const longestFile = 400;

/** Everything that is wrong with the imports of `sources`, one sentence each. */
export function importProblems(sources: Sources): string[] {
  const problems: string[] = [];
  for (const [file, text] of sources) {
    for (const specifier of importsOf(text)) {
      const wrong = specifier.startsWith('.')
        ? whyNotFile(file, posix.join(posix.dirname(file), specifier))
        : whyNotPackage(file, specifier);
      if (wrong) problems.push(`${file} imports ${specifier}: ${wrong}`);
    }
  }
  for (const cycle of cycles(sources)) problems.push(`import cycle: ${cycle.join(' -> ')}`);
  return problems;
}

/** Files of src/ that are too long to read and do not say why. */
export function lengthProblems(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n');
    const hasReason = lines.slice(0, 40).some(line => /^\s*(?:\/\/|\/?\*).*\blong because\b/.test(line));
    if (!file.startsWith('src/') || lines.length <= longestFile || hasReason) return [];
    return [`${file} has ${lines.length} lines; split it, or say 'long because ...' in its first comment`];
  });
}

/** Test files that would be silent: a suite that is not run, or one test that silences the others. */
export function suiteProblems(sources: Sources): string[] {
  const problems: string[] = [];
  for (const [file, text] of sources) {
    if (!file.endsWith('.test.ts') || file.startsWith('test/fixtures/')) continue;
    const suites = [...text.matchAll(/^const (\w+) = suite\b/gm)].map(([, name]) => name);
    const usesDefault = /^import \{[^}]*\btest\b[^}]*\} from 'uvu';/m.test(text);
    const names = usesDefault ? ['test', ...suites] : suites;
    if (names.length === 0) problems.push(`${file} has no suite`);
    for (const name of names) {
      if (!new RegExp(`^${name}\\.run\\(\\);`, 'm').test(text)) problems.push(`${file}: ${name}.run() is missing`);
    }
    for (const [, call] of text.matchAll(/^\s*(\w+\.(?:only|skip)\()/gm)) problems.push(`${file} has ${call}...)`);
  }
  return problems;
}

/** What a file imports, exports from, or names in `import('...')`, types included. */
export function importsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\b[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm);
  const bare = text.matchAll(/^import\s*['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...bare, ...dynamic].flatMap(([, specifier]) => specifier ?? []);
}

function whyNotFile(from: string, to: string): string | undefined {
  const [home = '', room = ''] = from.split('/');
  const [otherHome = '', otherRoom = ''] = to.split('/');
  if (home === 'specs') {
    return otherHome === 'specs' || to === 'src/spec/index.ts' ? undefined : 'specs import src/spec/index.ts only';
  }
  if (home !== 'src') return undefined;
  if (otherHome !== 'src') return 'src imports nothing outside of src';
  if (room === otherRoom) return undefined;
  if (!to.endsWith('/index.ts') || to.split('/').length !== 3) return "other rooms import a room's index.ts only";

  const rank = from === 'src/index.ts' ? rooms.cli : rooms[room];
  const otherRank = rooms[otherRoom];
  if (rank === undefined) return `src/${room} is not a room`;
  if (otherRank === undefined) return `src/${otherRoom} is not a room`;
  return otherRank < rank ? undefined : `${room} stands left of ${otherRoom} or beside it`;
}

function whyNotPackage(from: string, specifier: string): string | undefined {
  const [home, room = ''] = from.split('/');
  if (home === 'specs') return specifier === 'immutable' ? undefined : 'specs import spec and immutable only';
  if (home !== 'src' || outerRooms.includes(room)) return undefined;
  if (specifier.split('/')[0] === 'yargs') return 'only cli reads the command line';
  return outerModules.test(specifier) ? 'only cli and explorer touch files, terminal and network' : undefined;
}

/** Import cycles, each as the path from a file back to itself: at least one for each knot of files. */
function cycles(sources: Sources): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file]);
    if (start >= 0 || finished.has(file)) return;
    path.push(file);
    for (const specifier of importsOf(sources.get(file) ?? '')) {
      const target = posix.join(posix.dirname(file), specifier);
      if (specifier.startsWith('.') && sources.has(target)) visit(target);
    }
    path.pop();
    finished.add(file);
  };
  for (const file of sources.keys()) visit(file);
  return found;
}

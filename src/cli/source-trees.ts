import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Sources, type SourceTree } from '../review/index.ts';
import type { RevisionSource, Spec } from '../spec/index.ts';
import type { SourceArguments } from './arguments.ts';
import { InputError, messageOf } from './errors.ts';

/** Commits that a repository lacks, and the revisions that cannot be looked at without them. */
export interface MissingCommits {
  readonly revisions: readonly string[];
  readonly commits: readonly string[];
  /** Where they were looked for. */
  readonly folder: string;
  /** Where they can be had. */
  readonly repository: string;
}

export interface SourceSelection {
  readonly found: ReadonlyMap<string | undefined, Sources>;
  readonly missing: readonly MissingCommits[];
}

/**
 * The trees of source that the command line means for these revisions. One revision alone is held against the files
 * as they are in the folder; of several each is taken from its own commit, out of one repository. `--commit` names
 * another commit, and both options can be given for one revision: `--source R2=DIR`.
 *
 * @throws InputError for a folder or repository that cannot be read, and for a commit that was named and is not there
 */
export function selectSources(
  { source, commit }: SourceArguments,
  revisions: readonly (string | undefined)[],
  spec: Spec,
): SourceSelection {
  const folders = byRevision('source', source, spec);
  const commits = byRevision('commit', commit, spec);
  const found = new Map<string | undefined, Sources>();
  const missing: Lack[] = [];
  for (const revision of revisions) {
    const folder = folders.get(revision) ?? folders.get(undefined);
    if (folder === undefined) throw noFolder(revision);
    const named = commits.get(revision) ?? commits.get(undefined);
    const asItIs = revisions.length === 1 || (revision !== undefined && folders.has(revision));
    const declared = asItIs || named !== undefined ? undefined : declaredSource(spec, revision);
    const wanted = named ?? declared?.commit;
    if (wanted === undefined) {
      found.set(revision, new Sources(folderTree(folder)));
      continue;
    }
    const full = fullCommit(folder, wanted);
    if (full !== undefined) found.set(revision, new Sources(commitTree(folder, full)));
    else if (named !== undefined || !declared)
      throw new InputError({ what: `there is no commit ${wanted} in ${folder}` });
    else missing.push({ ...declared, revision: revision ?? '', folder });
  }
  return { found, missing: together(missing) };
}

/** The values of an option by revision: `R2=DIR` is for R2, `DIR` for all others. */
function byRevision(option: string, given: readonly string[], spec: Spec): ReadonlyMap<string | undefined, string> {
  const names = spec.revisions?.series.names ?? [];
  const values = new Map<string | undefined, string>();
  for (const text of given) {
    const at = text.indexOf('=');
    const revision = names.find(name => name === text.slice(0, Math.max(0, at)));
    if (values.has(revision))
      throw new InputError({
        what: `--${option} was given twice${revision === undefined ? '' : ` for ${revision}`}`,
        hint: `several are told apart by their revision: --${option} ${names[0] ?? 'R1'}=...`,
      });
    values.set(revision, revision === undefined ? text : text.slice(at + 1));
  }
  return values;
}

const noFolder = (revision: string | undefined) =>
  new InputError({
    what: `there is no source to look at${revision === undefined ? '' : ` for ${revision}`}`,
    hint: `name a checkout or a repository: --source ${revision === undefined ? '' : `${revision}=`}DIR`,
  });

function declaredSource(spec: Spec, revision: string | undefined): RevisionSource {
  const declared = spec.revisions?.series.sources[revision ?? ''];
  if (declared) return declared;
  throw new InputError({
    what: `the spec does not say which commit ${revision} was modelled from`,
    hint: `name one with --commit ${revision}=SHA, or look at one revision only: -p ${spec.revisions?.parameter}=${revision}`,
  });
}

/** The commit of one revision that is not in the folder. */
type Lack = RevisionSource & { readonly revision: string; readonly folder: string };

/** What can be fetched by one command, together. */
function together(lacks: readonly Lack[]): readonly MissingCommits[] {
  const groups = new Map<string, MissingCommits>();
  for (const { folder, repository, revision, commit } of lacks) {
    const key = JSON.stringify([folder, repository]);
    const { revisions = [], commits = [] } = groups.get(key) ?? {};
    const all = new Set([...commits, commit]);
    groups.set(key, { revisions: [...revisions, revision], commits: [...all], folder, repository });
  }
  return [...groups.values()];
}

/** What is not there, in words. */
export const whatIsMissing = ({ revisions, commits, folder }: MissingCommits): string =>
  `the ${commits.length === 1 ? 'commit' : 'commits'} of ${revisions.join(', ')} ${commits.length === 1 ? 'is' : 'are'} not in ${folder}`;

/** The command that brings it there. */
export const howToFetch = ({ commits, folder, repository }: MissingCommits): string =>
  `git -C ${folder} fetch ${repository} ${commits.join(' ')}`;

/** A folder as it is. */
function folderTree(folder: string): SourceTree {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory())
    throw new InputError({ what: `--source ${folder}: there is no such ${stat ? 'folder, it is a file' : 'folder'}` });
  if (existsSync(join(folder, 'objects')) && existsSync(join(folder, 'HEAD')) && !readdirSync(folder).includes('.git'))
    throw new InputError({
      what: `--source ${folder} is a bare repository: it has no files of its own`,
      hint: 'name the commit to look at: --commit SHA',
    });
  return {
    name: folder,
    read(path) {
      try {
        return readFileSync(join(folder, path), 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
        throw new InputError({ what: `${join(folder, path)} cannot be read: ${messageOf(error)}` });
      }
    },
  };
}

/** The files of a commit. */
const commitTree = (folder: string, commit: string): SourceTree => ({
  name: commit.slice(0, 12),
  commit,
  read(path) {
    if (git(folder, 'ls-tree', '--name-only', commit, '--', path).stdout.trim() === '') return undefined;
    const { status, stdout, stderr } = git(folder, 'show', `${commit}:${path}`);
    if (status === 0) return stdout;
    throw new InputError({ what: `${path} of commit ${commit} cannot be read: ${stderr.trim()}` });
  },
});

/** The whole name of a commit; undefined when the repository does not have it. */
function fullCommit(folder: string, commit: string): string | undefined {
  if (git(folder, 'rev-parse', '--git-dir').status !== 0)
    throw new InputError({
      what: `--source ${folder} is not a git repository, so commit ${commit} cannot be looked up there`,
      hint: 'to look at the files as they are, pin one revision with -p, or name a folder for each: --source R1=DIR',
    });
  const { status, stdout } = git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`);
  return status === 0 ? stdout.trim() : undefined;
}

/** Files of this size exist in no tree of C source; more is refused by the operating system's pipe. */
const largestOutput = 1 << 28;

function git(folder: string, ...args: readonly string[]) {
  const { error, status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: largestOutput,
  });
  if (error)
    throw new InputError({
      what: `git cannot be run: ${messageOf(error)}`,
      hint: 'commits are read with git; a checkout needs none: -p revision=NAME --source DIR',
    });
  return { status, stdout, stderr };
}

// The command `cite`, and `check --source`, in a folder of a user's own with a repository of made-up source beside it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, UserFolder } from '../support/cli.ts';
import { root } from '../support/root.ts';
import { hasProgram, skipUnless } from '../support/skip.ts';

const folder = new UserFolder();
const fixtures = join(root, 'test/fixtures/source');
const file = 'drivers/lamp.c';
for (const version of ['first', 'second'])
  cpSync(join(fixtures, version), join(folder.path, version), { recursive: true });

/** A user's spec over two revisions, with these commits. */
const specText = (
  commits: readonly string[],
) => `import { citing, mentions, Model, not, occurs, revisions, sites, spec, step } from 'quiesce';

const lamp = citing('${file}');
const series = revisions({ R1: { soft: false }, R2: { soft: true } }, 'R2', {
  sources: { ${commits.map((commit, i) => `R${i + 1}: { repository: 'https://example.org/lamp', commit: '${commit}' }`).join(', ')} },
  switches: { soft: { about: 'whether it dims', sides: { R1: lamp('lamp_off', 'lit'), R2: lamp('lamp_off', 'lit') } } },
});
export default spec({
  name: 'lamp',
  parameters: { revision: series.parameter, without: series.without },
  revisions: series,
  sites: [sites('${file}', 'lamp_off', { R1: 1, R2: 2 })],
  rules: [
    { id: 'U1 users', finding: 'finding 1', about: 'users are not counted', holds: not(occurs('${file}', 'lamp->users = users')) },
    { id: 'U2 about', about: 'the driver says what it is', holds: mentions('${file}', 'made up') },
  ],
  model: () => {
    const m = new Model('lamp');
    const lit = m.variable('lit', false);
    m.thread('user', [
      step('on', s => s.set(lit, true), { cite: lamp('lamp_on', 'lit', 39) }),
      step('off', s => s.set(lit, false), { cite: lamp('lamp_off', 'lit', 49) }),
      step('look', s => s),
    ]);
    m.invariant('dark', s => !s.get(lit));
    m.invariant('lit or not', s => s.get(lit) || !s.get(lit));
    return m;
  },
});
`;

const run = (...args: string[]) => quiesce(folder.path, args);
const lockFile = join(folder.path, 'lamp.citations.lock.json');
const json = (...args: string[]) => JSON.parse(run(...args, '--json').stdout);

function refuses(args: readonly string[], message: string): void {
  const { status, stdout, stderr } = run(...args);
  assert.is(stderr, `${message}\n`);
  assert.is(stdout, '');
  assert.is(status, 2);
}

const checkout = suite('cite with a checkout');

checkout.before(() => folder.write('lamp.ts', specText([])));

checkout('without a lock: no verdict; --write makes it; then every place is as it was modelled', () => {
  const args = ['cite', 'lamp.ts', '--source', 'first', '-p', 'revision=R1'];
  const before = run(...args);
  assert.is(before.status, 3);
  assert.match(before.stdout, '3 places and no lamp.citations.lock.json yet');
  const written = run(...args, '--write');
  assert.is(written.status, 0);
  assert.match(written.stdout, 'written: lamp.citations.lock.json');
  const after = run(...args);
  assert.is(after.status, 0);
  assert.is(
    after.stdout,
    `lamp: the places in the source that its steps and switches cite

  revision  source  places  as locked  moved  changed  not found  new
  R1        first   3       3          0      0        0          0

steps without a citation (1):
  user / look

Every place is as it was modelled.
`,
  );
});

checkout('a source that changed: status 1, and which steps cite what changed, in words and as JSON', () => {
  const { status, stdout } = run('cite', 'lamp.ts', '--source', 'second', '-p', 'revision=R1');
  assert.is(status, 1);
  assert.is(
    stdout,
    `lamp: the places in the source that its steps and switches cite

  revision  source  places  as locked  moved  changed  not found  new
  R1        second  3       0          0      3        0          0

R1, in second:
  changed: lamp.c lamp_off (lit)
    its statement, now at line 50, differs
    cited by switch 'soft'
  changed: lamp.c:39 lamp_on (lit)
    another part of lamp_on differs
    cited by user / on
  changed: lamp.c:49 lamp_off (lit)
    its statement, now at line 50, differs
    cited by user / off
  changed: sites of lamp_off in the functions of drivers/lamp.c: 2, and 1 modelled
    lamp_fade (65), again (69)

steps without a citation (1):
  user / look

3 places changed, 0 not found. Verdicts about R1 are stale for this source
until the model has been compared with it; then --write locks it as it is now.
`,
  );
  const [revision] = json('cite', 'lamp.ts', '--source', 'second', '-p', 'revision=R1').revisions;
  const place = revision.places.find(({ by }: { by: string[] }) => by.includes('user / off'));
  assert.equal([place.status, place.found.line, place.locked.line], ['changed', 50, 49]);
});

checkout('the steps of a stored counterexample, each with what became of it', () => {
  run('check', 'lamp.ts', '-p', 'revision=R1', '--out', 'traces');
  const args = ['cite', 'lamp.ts', '--trace', 'traces/dark.json', '--source'];
  const same = run(...args, 'first');
  assert.is(same.status, 0);
  assert.match(same.stdout, /^1 {2}user {2}on {2}as locked {2}lamp\.c:39 lamp_on \(lit\)$/m);
  const other = run(...args, 'second');
  assert.is(other.status, 1);
  assert.match(
    other.stdout,
    /^1 {2}user {2}on {2}changed {2}lamp\.c:39 lamp_on \(lit\): another part of lamp_on differs$/m,
  );
});

checkout('rules: a table, and why one is violated', () => {
  const { status, stdout } = run('cite', 'lamp.ts', '--rules', '--source', 'R1=first', '--source', 'R2=second');
  assert.is(status, 1);
  assert.is(
    stdout,
    `lamp: what the source has to fulfil although no state shows it

  rule      R1        R2     demands
  U1 users  violated  holds  users are not counted
  U2 about  holds     holds  the driver says what it is

U1 users (finding 1) is violated in R1:
    lamp.c: 'lamp->users = users' at 40
`,
  );
});

checkout('check --source: what holds of another source is stale, never "holds"', () => {
  const args = ['check', 'lamp.ts', '-p', 'revision=R1', '--property', 'lit or not', '--source'];
  const same = run(...args, 'first');
  assert.is(same.status, 0);
  assert.match(same.stdout, /^ {2}source {9}first, as modelled$/m);

  const other = run(...args, 'second');
  assert.is(other.status, 3);
  assert.match(other.stdout, /^ {2}source {9}second, not as modelled$/m);
  assert.match(other.stdout, /^ {2}stale {7}lit or not$/m);
  assert.not.match(other.stdout, 'holds');
  const object = json(...args, 'second');
  assert.is(object.verdict, 'stale');
  assert.is(object.properties[0].verdict, 'stale');
  assert.is(object.stale.length, 4);
  assert.is(run('check', 'lamp.ts', '-p', 'revision=R1', '--source', 'second').status, 1);
});

checkout('matrix --source: a revision whose source is another one is stale, the others are not', () => {
  run('cite', 'lamp.ts', '--source', 'R1=first', '--source', 'R2=second', '--write');
  const table = ['matrix', 'lamp.ts', '--no-cache', '--property', 'lit or not', '--source', 'R2=second', '--source'];
  const same = run(...table, 'R1=first');
  assert.is(same.status, 0);
  assert.match(same.stdout, /^ {2}source {6}first, second, as modelled$/m);
  assert.not.match(same.stdout, 'stale');

  const other = run(...table, 'R1=second', '--html', 'matrix.html');
  assert.is(other.status, 3);
  assert.match(other.stdout, /^ {2}source {6}second, second, not as modelled$/m);
  assert.match(other.stdout, /^ {2}lit or not {2}~ {3}-$/m);
  assert.match(other.stdout, /; ~: stale, holds for the source that was modelled, which is not this one/);
  assert.match(
    other.stdout,
    /^stale: 4 cited places differ from what was modelled; no verdict on R1 is about this source\nR1, in second:\n {2}changed: /m,
  );
  assert.is(other.stdout.split('R1, in second:').length, 2);
  assert.not.match(other.stdout, 'R2, in second:');
  const page = readFileSync(join(folder.path, 'matrix.html'), 'utf8');
  assert.match(page, '<td class="open" title="stale: holds for the source that was modelled');
  assert.match(page, '<dt>source</dt><dd>second, second, not as modelled</dd>');
  assert.match(page, 'lamp.c:39 lamp_on (lit)');

  const { cells, stale } = json(...table, 'R1=second');
  assert.equal(
    cells.map(({ revision, verdict }: { revision: string; verdict: string }) => [revision, verdict]),
    [
      ['R1', 'stale'],
      ['R2', 'holds'],
    ],
  );
  assert.equal(
    stale.map(({ revision, places }: { revision: string; places: object[] }) => [revision, places.length]),
    [['R1', 4]],
  );
  assert.equal(json(...table, 'R1=first').stale, []);
  const violated = run('matrix', 'lamp.ts', '--no-cache', '--source', 'R1=second', '--source', 'R2=second');
  assert.is(violated.status, 1);
  assert.match(violated.stdout, /^ {2}dark +1 +1$/m);
});

checkout('matrix --source: as expected is no success for another source', () => {
  const { states, transitions, terminal, depth, properties } = json('check', 'lamp.ts', '-p', 'revision=R1');
  const verdictOf = (p: { verdict: string; depth?: number }) =>
    p.verdict === 'violated' ? { violated: p.depth } : p.verdict;
  const verdicts = properties.map((p: { name: string; verdict: string }) => [p.name, verdictOf(p)]);
  const row = { states, transitions, terminal, depth, properties: Object.fromEntries(verdicts) };
  const rows = { parameter: 'revision', values: ['R1'] };
  folder.write('want.json', JSON.stringify({ rows, configurations: { default: { R1: row } } }));
  const args = ['matrix', 'lamp.ts', '-p', 'revision=R1', '--no-cache', '--expect', 'want.json', '--source'];
  assert.is(run(...args, 'first').status, 0);
  assert.is(run(...args, 'second').status, 3);
});

checkout('a spec without revisions', () => {
  folder.write(
    'plain.ts',
    `import { citing, Model, spec, step } from 'quiesce';
export default spec({ name: 'plain', model: () => {
  const m = new Model('plain');
  m.thread('user', [step('off', s => s, { cite: citing('${file}')('lamp_off', 'lit', 49) })]);
  return m;
} });
`,
  );
  assert.is(run('cite', 'plain.ts', '--source', 'first', '--write').status, 0);
  assert.is(run('cite', 'plain.ts', '--source', 'second').status, 1);
});

const wrong = suite('cite with wrong input');

wrong('says what is missing', () => {
  folder.write('lamp.ts', specText([]));
  rmSync(lockFile, { force: true });
  refuses(
    ['cite', 'lamp.ts'],
    'there is no source to look at for R1\n  name a checkout or a repository: --source R1=DIR',
  );
  refuses(
    ['cite', 'lamp.ts', '--source', 'first'],
    'the spec does not say which commit R1 was modelled from\n' +
      '  name one with --commit R1=SHA, or look at one revision only: -p revision=R1',
  );
  refuses(['cite', 'lamp.ts', '--source', 'nowhere', '-p', 'revision=R1'], '--source nowhere: there is no such folder');
  refuses(
    ['cite', 'lamp.ts', '--source', 'first', '--source', 'second'],
    '--source was given twice\n  several are told apart by their revision: --source R1=...',
  );
  refuses(
    ['cite', 'lamp.ts', '--source', 'first', '--rules', '--write'],
    '--write, --rules and --trace exclude each other\n  run cite once for each',
  );
  refuses(
    ['cite', 'lamp.ts', '--source', 'first', '-p', 'revision=R1', '-p', 'without=soft', '--write'],
    'a lock is written for all cases of a revision, not for some\n  leave out -c, and -p for anything but revision',
  );
  refuses(
    ['check', 'lamp.ts', '--source', 'first'],
    '--source: there is no lamp.citations.lock.json, so it is not known what was modelled\n' +
      '  quiesce cite lamp.ts --source DIR --write makes it',
  );
  folder.write('lamp.citations.lock.json', '{');
  refuses(
    ['cite', 'lamp.ts', '--source', 'first', '-p', 'revision=R1'],
    'lamp.citations.lock.json is not a lock of citations: it is not JSON\n' +
      '  take back what changed it, or delete it and have it made anew by quiesce cite SPEC --source DIR --write',
  );
});

const repository = suite('cite with a repository');
const needsGit = (body: () => void) => skipUnless(hasProgram('git'), 'git is not installed', body);

/** A repository whose first commit has the first version and whose second has the second; answers the commits. */
function makeRepository(): readonly string[] {
  const path = join(folder.path, 'repo');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet');
  return ['first', 'second'].map(version => {
    cpSync(join(fixtures, version), path, { recursive: true });
    git('add', '.');
    git('commit', '--quiet', '-m', version);
    return git('rev-parse', 'HEAD');
  });
}

repository(
  'one command for all revisions, each at its commit',
  needsGit(() => {
    const commits = makeRepository();
    folder.write('lamp.ts', specText(commits));
    rmSync(lockFile, { force: true });
    assert.is(run('cite', 'lamp.ts', '--source', 'repo', '--write').status, 0);
    const { status, stdout } = run('cite', 'lamp.ts', '--source', 'repo');
    assert.is(status, 0);
    assert.match(stdout, `R1        ${commits[0]?.slice(0, 12)}  3       3`);
    assert.match(stdout, `R2        ${commits[1]?.slice(0, 12)}  3       3`);
    assert.is(JSON.parse(readFileSync(lockFile, 'utf8')).revisions.R2.commit, commits[1]);

    // One revision: the files as they are, which are those of the second commit, or those of a commit.
    assert.is(run('cite', 'lamp.ts', '--source', 'repo', '-p', 'revision=R2').status, 0);
    assert.is(run('cite', 'lamp.ts', '--source', 'repo', '-p', 'revision=R1').status, 1);
    assert.is(run('cite', 'lamp.ts', '--source', 'repo', '-p', 'revision=R1', '--commit', 'HEAD~1').status, 0);
    assert.is(run('cite', 'lamp.ts', '--source', 'repo', '--commit', 'R1=HEAD').status, 1);
  }),
);

repository(
  'several commits that are not there are fetched by one command',
  needsGit(() => {
    makeRepository();
    const absent = ['e', 'f'].map(digit => digit.repeat(40));
    folder.write('lamp.ts', specText(absent));
    const { status, stdout } = run('cite', 'lamp.ts', '--source', 'repo');
    assert.is(status, 3);
    assert.match(
      stdout,
      `not looked at: the commits of R1, R2 are not in repo\n` +
        `  to have them there: git -C repo fetch https://example.org/lamp ${absent.join(' ')}\n`,
    );
    const [missing] = json('cite', 'lamp.ts', '--source', 'repo').missing;
    assert.equal(missing, {
      revisions: ['R1', 'R2'],
      commits: absent,
      folder: 'repo',
      repository: 'https://example.org/lamp',
    });
  }),
);

repository(
  'a commit that is not there',
  needsGit(() => {
    const [commit = ''] = makeRepository();
    const absent = 'f'.repeat(40);
    folder.write('lamp.ts', specText([commit, absent]));
    rmSync(lockFile, { force: true });
    run('cite', 'lamp.ts', '--source', 'repo', '--write');
    const { status, stdout } = run('cite', 'lamp.ts', '--source', 'repo');
    assert.is(status, 3);
    assert.match(
      stdout,
      `not looked at: the commit of R2 is not in repo\n` +
        `  to have it there: git -C repo fetch https://example.org/lamp ${absent}\n`,
    );
    refuses(
      ['cite', 'lamp.ts', '--source', 'repo', '-p', 'revision=R1', '--commit', absent],
      `there is no commit ${absent} in repo`,
    );
    refuses(
      ['cite', 'lamp.ts', '--source', 'first'],
      `--source first is not a git repository, so commit ${commit} cannot be looked up there\n` +
        '  to look at the files as they are, pin one revision with -p, or name a folder for each: --source R1=DIR',
    );
    refuses(
      ['cite', 'lamp.ts', '--source', 'repo/.git', '-p', 'revision=R1'],
      '--source repo/.git is a bare repository: it has no files of its own\n  name the commit to look at: --commit SHA',
    );
  }),
);

for (const each of [checkout, wrong]) each.after(() => rmSync(lockFile, { force: true }));
repository.after(() => folder.remove());
checkout.run();
wrong.run();
repository.run();

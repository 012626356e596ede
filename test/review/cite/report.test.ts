// Citations held against the source and against the lock, from the model to the file.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CitationLock,
  citationReport,
  citedIn,
  formatLock,
  hasOtherCount,
  lockOf,
  parseLock,
  type RevisionReport,
  ruleReport,
  staleIn,
  updateLock,
} from '../../../src/review/index.ts';
import {
  allOf,
  anyOf,
  citing,
  commented,
  flag,
  implies,
  Model,
  mentions,
  modelOf,
  not,
  occurs,
  revisions,
  type SourceCondition,
  type Spec,
  SpecError,
  sites,
  spec,
  step,
} from '../../../src/spec/index.ts';
import { lampText, lampTree, lineIn, treeOf } from './support.ts';

const lamp = citing('drivers/lamp.c');
const text = lampText('first');
const line = (part: string, n = 0) => lineIn(text, part, n);

const series = revisions({ R1: { dims: false }, R2: { dims: true } }, 'R2', {
  switches: {
    dims: { about: 'whether it dims', sides: { R1: lamp('lamp_off', 'lit'), R2: lamp('lamp_dim', 'level > 2') } },
  },
});

const made: Spec = spec({
  name: 'lamp',
  parameters: { revision: series.parameter, without: series.without, night: flag(false) },
  configurations: { day: [{}], night: [{ night: true }] },
  revisions: series,
  sites: [sites('drivers/lamp.c', 'lamp_off', { R2: 1 })],
  model: ({ revision, night }) => {
    const m = new Model('lamp');
    const lit = m.variable('lit', false);
    m.thread('user', [
      step('on', s => s.set(lit, true), { cite: lamp('lamp_on', 'lit', line('lamp->lit = true', 1)) }),
      step('first way out', s => s, { cite: lamp('lamp_on', 'lamp_unlock', line('lamp_unlock(lamp);')) }),
      step('count', s => s, { cite: lamp('lamp_on', 'lamp->users') }),
      night ? [step('off', s => s.set(lit, false), { cite: lamp('lamp_off', 'lamp->lit') })] : [],
      revision === 'R2' ? [step('dim', s => s, { cite: lamp('lamp_dim', 'lamp_off') })] : [],
      step('look', s => s),
    ]);
    return m;
  },
}) as unknown as Spec;

const build = (assignment: Parameters<typeof modelOf>[1]) => modelOf(made, assignment);
const reportOf = (version: 'first' | 'second', lock?: CitationLock, revision = 'R2'): RevisionReport => {
  const inputs = [{ cited: citedIn(made, revision, build), sources: lampTree(version) }];
  return citationReport(inputs, lock)[0]!;
};
const lockFrom = (report: RevisionReport) => updateLock(undefined, new Map([[report.revision, lockOf(report)]]));
const statuses = ({ results }: RevisionReport) =>
  Object.fromEntries(results.map(({ by, status }) => [by[0]?.replace('user / ', ''), status]));

const collected = suite('what is cited');

collected('the union of all cases of a revision, switches included', () => {
  const { places, uncited, sites: wanted } = citedIn(made, 'R2', build);
  assert.equal(places.flatMap(({ by }) => by).sort(), [
    "switch 'dims'",
    'user / count',
    'user / dim',
    'user / first way out',
    'user / off',
    'user / on',
  ]);
  assert.equal(uncited, ['user / look']);
  assert.equal(wanted, [{ file: 'drivers/lamp.c', identifier: 'lamp_off', count: 1 }]);
  assert.is(citedIn(made, 'R1', build).places.length, 5);
  assert.equal(citedIn(made, 'R1', build).sites, []);
});

const compared = suite('the report');

compared('without a lock every place is new', () => {
  const report = reportOf('first');
  assert.equal([...new Set(Object.values(statuses(report)))], ['new']);
  assert.is(staleIn(report).length, report.results.length);
});

compared('the same source is as locked, and nothing is stale', () => {
  const report = reportOf('first', lockFrom(reportOf('first')));
  assert.equal([...new Set(Object.values(statuses(report)))], ['as locked']);
  assert.equal(staleIn(report), []);
});

compared('what moved, what changed and what is gone', () => {
  const report = reportOf('second', lockFrom(reportOf('first')));
  assert.equal(statuses(report), {
    count: 'not found',
    'first way out': 'changed',
    on: 'changed',
    off: 'changed',
    dim: 'not found',
    "switch 'dims'": 'not found',
  });
  const note = (by: string) => report.results.find(result => result.by[0]?.endsWith(by))?.note;
  assert.is(note('/ on'), 'another part of lamp_on differs');
  assert.is(note('/ off'), `its statement, now at line ${lineIn(lampText('second'), 'lamp->lit = 0')}, differs`);
  assert.is(staleIn(report).length, 7);
});

compared('a place that only moved is not stale', () => {
  const lock = lockFrom(reportOf('first'));
  const moved = treeOf({ 'drivers/lamp.c': `\n\n/* more */\n${text.replaceAll('\n', '\r\n')}` });
  const [report] = citationReport([{ cited: citedIn(made, 'R2', build), sources: moved }], lock);
  assert.equal([...new Set(Object.values(statuses(report!)))], ['moved']);
  const on = line('lamp->lit = true', 1);
  assert.is(report!.results.find(({ by }) => by.includes('user / on'))?.note, `from line ${on} to ${on + 3}`);
  assert.equal(staleIn(report!), []);
});

compared('a line of one revision finds the same place in another', () => {
  const late = lamp('f', 'x', 3);
  const same = spec({
    name: 'same',
    parameters: { revision: series.parameter, without: series.without },
    revisions: series,
    model: () => {
      const m = new Model('same');
      m.thread('t', [step('late', s => s, { cite: late })]);
      return m;
    },
  }) as unknown as Spec;
  const cited = (revision: string) => citedIn(same, revision, assignment => modelOf(same, assignment));
  const old = treeOf({ 'drivers/lamp.c': '\n\n\n\n\nint f(void) {\n a(x);\n b(x);\n}' });
  const recent = treeOf({ 'drivers/lamp.c': 'int f(void) {\n a(x);\n b(x);\n}' });
  const lineOf = (report: RevisionReport | undefined) =>
    report?.results.find(({ by }) => by[0] === 't / late')?.place?.line;
  const both = citationReport(
    [
      { cited: cited('R1'), sources: old },
      { cited: cited('R2'), sources: recent },
    ],
    undefined,
  );
  assert.equal(both.map(lineOf), [8, 3]);
  // On its own the old revision has only the line to go by, unless the lock knows the recent one.
  const alone = (lock?: CitationLock) => citationReport([{ cited: cited('R1'), sources: old }], lock)[0];
  assert.is(lineOf(alone()), 7);
  assert.is(lineOf(alone(lockFrom(both[1]!))), 8);
});

compared('one caller more than was modelled', () => {
  assert.not.ok(reportOf('first').sites.some(hasOtherCount));
  const [found] = reportOf('second').sites;
  const becameOf = lampText('second');
  assert.equal(found, {
    file: 'drivers/lamp.c',
    identifier: 'lamp_off',
    expected: 1,
    found: [
      { function: 'lamp_fade', line: lineIn(becameOf, 'return lamp_off') },
      { function: 'again', line: lineIn(becameOf, 'void again') },
    ],
  });
});

compared('what nothing cites any longer is counted', () => {
  const lock = lockFrom(reportOf('first'));
  const day = citedIn(made, 'R2', build, [{ revision: 'R2', without: 'none', night: false }]);
  const [report] = citationReport([{ cited: day, sources: lampTree('first') }], lock);
  assert.is(report?.dropped, 1);
});

const locks = suite('the lock');

locks('what is written is read again, and holds no text of the source', async () => {
  const lock = lockFrom(reportOf('first'));
  const file = formatLock(lock);
  assert.equal(await parseLock(file, 'x'), lock);
  assert.is(formatLock(await parseLock(file, 'x')), file);
  const words = new Set(file.match(/[A-Za-z_]{3,}/g));
  for (const word of ['true', 'false', 'return', 'const', 'struct']) assert.not.ok(words.has(word), word);
});

locks('one revision is written anew and the others stay', () => {
  const both = updateLock(lockFrom(reportOf('first')), new Map([['R1', lockOf(reportOf('first', undefined, 'R1'))]]));
  assert.equal(Object.keys(both.revisions), ['R2', 'R1']);
  const later = updateLock(both, new Map([['R2', lockOf(reportOf('second'))]]));
  assert.equal(later.revisions.R1, both.revisions.R1);
  assert.is.not(formatLock(later), formatLock(both));
});

for (const [name, content, why] of [
  ['no JSON', '{', 'it is not JSON'],
  ['another format', '{"format":"x","version":1,"revisions":{}}', 'format must be equal to constant'],
  [
    'a damaged digest',
    '{"format":"quiesce-citations","version":1,"revisions":{"all":{"files":{"a.c":{"f":{"at":"1 x","places":{}}}}}}}',
    'revisions/all/files/a.c/f/at must match pattern "^[0-9]+ [0-9a-f]{16}$"',
  ],
] as const) {
  locks(`refuses ${name}`, async () => {
    try {
      await parseLock(content, 'the file');
    } catch (error) {
      assert.instance(error, SpecError);
      assert.is((error as SpecError).what, `the file is not a lock of citations: ${why}`);
      return;
    }
    assert.unreachable();
  });
}

const rules = suite('rules');

const judged = (holds: SourceCondition, version: 'first' | 'second' = 'first') => {
  const { rules: _, ...rest } = made;
  const report = ruleReport({ ...rest, rules: [{ id: 'r', about: '', holds }] }, 'R2', lampTree(version));
  return report.results[0]!;
};
const c = 'drivers/lamp.c';

rules('tokens occur, in a file or in a function', () => {
  assert.is(judged(occurs(c, 'lamp->lit=true')).verdict, 'holds');
  assert.is(judged(occurs(c, 'lamp->lit = true', 'lamp_off')).verdict, 'violated');
  assert.is(judged(occurs(c, 'bool lit', 'lamp')).verdict, 'holds');
  assert.equal(judged(occurs(c, 'lamp->lit = 0')).because, ["lamp.c: 'lamp->lit = 0' nowhere"]);
  assert.is(judged(occurs(c, 'lamp->lit = 0'), 'second').verdict, 'holds');
});

rules('comments belong to what they stand in or directly above', () => {
  assert.is(judged(commented(c, 'lamp_drop', 'gives it back')).verdict, 'holds');
  assert.is(judged(commented(c, 'lamp_dim', 'gives it back')).verdict, 'violated');
  assert.is(judged(commented(c, 'LAMP_WITH_LOCK', 'takes')).verdict, 'holds');
  // Another function has come between the comment and its function.
  assert.is(judged(commented(c, 'lamp_drop', 'gives it back'), 'second').verdict, 'violated');
});

rules('a document mentions a word', () => {
  assert.is(judged(mentions(c, 'made up for the tests')).verdict, 'holds');
  assert.equal(judged(mentions('doc/lamp.rst', 'dim')).because, ['there is no file doc/lamp.rst']);
});

rules('conditions combine, and the parts that decide are named', () => {
  const [yes, no] = [occurs(c, 'lamp_drop'), occurs(c, 'lamp_gone')];
  assert.is(judged(not(no)).verdict, 'holds');
  assert.equal(judged(allOf(yes, no)).because, ["lamp.c: 'lamp_gone' nowhere"]);
  assert.is(judged(anyOf(no, yes)).verdict, 'holds');
  assert.is(judged(implies(no, no)).verdict, 'holds');
  assert.equal(judged(implies(yes, no)).because, [
    `lamp.c: 'lamp_drop' at ${line('void lamp_drop')}`,
    "lamp.c: 'lamp_gone' nowhere",
  ]);
  assert.equal(judged(occurs(c, 'x', 'lamp_gone')).because, ['lamp.c, lamp_gone: not defined there']);
});

collected.run();
compared.run();
locks.run();
rules.run();

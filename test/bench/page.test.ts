import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { benchPage, benchPlot, type Report } from '../../bench/page.ts';
import type { Shares } from '../../bench/profile.ts';
import { insertIntoReadme } from '../../bench/readme.ts';
import { alone, checked, row } from './rows.ts';

const shares: Shares = {
  'user code, learning': 0.1,
  steps: 0.3,
  'set of states': 0.4,
  'stuck threads': 0.01,
  'handing over': 0.04,
  waiting: 0.05,
  'compiler, collector': 0.06,
  'the rest': 0.04,
};

const report: Report = {
  rows: [row, checked],
  runs: 3,
  machine: 'a machine',
  spin: { version: 'Spin Version 6.5.2', compiler: 'cc 12' },
  startUp: 0.25,
  profiles: [
    {
      problem: row.problem,
      workers: 1,
      seconds: 2,
      transitions: 20_000_000,
      threads: [shares],
    },
    { problem: row.problem, workers: 2, seconds: 1.25, transitions: 20_000_000, threads: [shares, shares] },
  ],
  latency: {
    mebibytes: 256,
    alone: { dependent: 100, independent: 10 },
    beside: { dependent: 110, independent: 16 },
  },
};

const readme = 'before\n<!-- npm run bench -- --write writes from here -->\nold\n<!-- to here -->\nafter\n';

test('the page names machine and versions, and shows every row', () => {
  const page = benchPage(report);
  assert.match(page, 'Measured on a machine. Spin Version 6.5.2; cc 12. Medians of 3 runs');
  assert.match(page, '| grid <small> | none | 2,000,000 | 6,000,000 | 0.50 | 2.00 | 12.0 | 3.0 | 4.0 |');
  assert.match(page, '| grid <small>, 3 cases | all, 1 violated |');
  assert.match(page, '| grid <small>, thread 2 of 2 | 1.25 | 10 | 30 | 40 | 1 | 4 | 5 | 6 | 4 | 63 |');
  assert.match(page, '| grid <small> | none | 0.50 | 0.25 | 2.00 |');
  assert.match(page, '0.25 s from the command');
  assert.match(page, '| grid <small> | 2.00 | 10 | 30 | 40 | 1 | 4 | 5 | 6 | 4 | 100 |');
  assert.match(page, 'What memory allows, on 256 MiB');
  assert.match(page, '| is known beforehand | 10.0 | 16.0 | 1.25 |');
  assert.not.match(page, 'What failed');
});

test('a tool that is missing or failed is said to be', () => {
  const failed = { ...alone, outcome: { wrong: [], failed: ['SPIN: out of memory'] } };
  const page = benchPage({ ...report, rows: [failed], spin: 'spin is not installed' });
  assert.match(page, 'quiesce alone: spin is not installed.');
  assert.match(page, '## What failed\n\n- grid <small>: SPIN: out of memory\n');
});

test('the plot has a bar for each tool that has a rate, to one scale', () => {
  const svg = benchPlot(report);
  const bars = (text: string) =>
    [...text.matchAll(/<rect [^>]*width="([\d.]+)" height="14"/g)].map(([, width]) => Number(width));
  assert.equal(bars(svg), [420, 105]);
  assert.match(svg, '>12.0 M/s</text>');
  assert.match(svg, '>grid &lt;small&gt;</text>');
  assert.equal(bars(benchPlot({ ...report, rows: [alone] })), [420]);
});

test('the figures of the README are replaced, and nothing around them', () => {
  const once = insertIntoReadme(readme, [row]);
  assert.match(once, /^before\n<!-- npm run bench -- --write writes from here -->\n\n!\[/);
  assert.match(once, '\n| grid <small> | 2,000,000 | 6,000,000 | 0.50 | 2.00 | 4.0 | 15.0 | 60.0 |\n');
  assert.match(
    once,
    '4.0 to 4.0 times as many transitions a second as SPIN without reduction, 4.0 times in geometric mean.',
  );
  assert.ok(once.endsWith('\n\n<!-- to here -->\nafter\n'));
  assert.not.match(once, 'old');
  assert.is(insertIntoReadme(once, [row]), once);
});

test('without SPIN the README compares nothing', () => {
  assert.not.match(insertIntoReadme(readme, [alone]), 'times as many');
});

test('a README without a place for figures is an error', () => {
  assert.throws(() => insertIntoReadme('before\n', [row]), 'README.md has no lines');
});

test.run();

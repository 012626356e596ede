// check --workers with several cases: they are worked out in processes, and what comes of it is what one process comes to.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ended, quiesce, quiesceMeanwhile, UserFolder } from '../support/cli.ts';
import { lockerSpec } from '../support/locker.ts';
import { root } from '../support/root.ts';

const lamp = join(root, 'test/fixtures/specs/lamp.ts');

/**
 * A spec whose cases count to different sizes: three counters each, `size` to the third states.
 *
 * @param statements more of the model, which has the array `counters`
 * @param top is run when the spec is loaded
 */
const countingSpec = (
  sizes: readonly number[],
  statements = '',
  top = '',
) => `import { integer, Model, spec, step } from 'quiesce';

${top}
const inWorker = process.send !== undefined;

export default spec({
  name: 'counting',
  parameters: { size: integer(2, { min: 1, max: 1000 }) },
  configurations: { sizes: ${JSON.stringify(sizes.map(size => ({ size })))} },
  defaultConfiguration: 'sizes',
  model: ({ size }) => {
    const m = new Model('counting');
    const counters = [0, 1, 2].map(i => m.variable(\`n\${i}\`, 0));
    for (const n of counters) m.action(\`count \${n.name}\`, s => s.set(n, (s.get(n) + 1) % size));
    m.restingState(() => true);
    m.invariant('C1 InSize', s => s.get(counters[0]) < size);
    ${statements}
    return m;
  },
});
`;

/** What was said, without the seconds that it took. */
const timeless = ({ status, stdout, stderr }: Ended) => ({
  status,
  stdout: stdout.replace(/[\d.]+ s$/m, '').replace(/"seconds": [\d.e-]+/, '"seconds": 0'),
  stderr,
});

/** Checks with one worker and with some, which have to say the same. @returns what they say */
function same(folder: UserFolder, workers: number, ...args: string[]): Ended {
  const said = (n: number) => timeless(quiesce(folder.path, ['check', ...args, '--workers', String(n)]));
  const one = said(1);
  assert.equal(said(workers), one);
  return one;
}

/** Calls a function with a folder that holds one spec. */
function withSpec<T>(text: string, call: (folder: UserFolder) => T): T {
  const folder = new UserFolder();
  try {
    folder.write('mine.ts', text);
    return call(folder);
  } finally {
    folder.remove();
  }
}

const sides = suite('cases side by side');

sides('text and JSON are those of one process, fewer or more cases than workers', () => {
  withSpec(lockerSpec(), folder => {
    const { stdout, status } = same(folder, 2, lamp, '-c', 'sizes', '-p', 'polite=false', '--no-cache');
    assert.match(stdout, /^ {2}in the case people=3 polite=false$/m);
    assert.match(stdout, /^53 states, /m);
    assert.is(status, 1);
    const json = same(folder, 9, 'mine.ts', '-c', 'both', '-p', 'revision=R1', '--no-cache', '--json');
    assert.is(JSON.parse(json.stdout).cases, 2);
  });
});

sides('a driver in many cases, counterexamples included', () => {
  withSpec('', folder => {
    const { stdout } = same(folder, 2, 'mana-reset', '-c', 'M2', '-p', 'revision=R2', '--no-cache', '--json');
    const { properties, cases } = JSON.parse(stdout);
    assert.is(cases, 4);
    assert.ok(properties.filter((p: { trace?: object }) => p.trace).length > 5);
  });
});

sides('only the properties that were asked for; one that no case has is refused', () => {
  withSpec(countingSpec([2, 3, 4], "if (size === 3) m.invariant('C2 Three', () => size === 3);"), folder => {
    const { stdout } = same(folder, 2, 'mine.ts', '--property', 'C2', '--no-cache');
    assert.match(stdout, /^27 states, /m);
    assert.match(same(folder, 2, 'mine.ts', '--property', 'C3', '--no-cache').stderr, /^there is no property 'C3'/);
  });
});

sides('--first: the cases up to the first that is violated, though a later one is done before', () => {
  const low = "m.invariant('C2 Low', s => size === 20 || s.get(counters[0]) < (size === 60 ? 50 : 1));";
  withSpec(countingSpec([20, 60, 4, 70], low), folder => {
    const { stdout, status } = same(folder, 2, 'mine.ts', '--first', '--no-cache', '--json');
    const { states, properties, reason } = JSON.parse(stdout);
    assert.is(status, 1);
    assert.ok(states > 20 ** 3 && states < 20 ** 3 + 60 ** 3);
    assert.is(properties[1].trace.parameters.size, 60);
    assert.is(reason, 'case 2 of 4: the search ended at the first violation');
    assert.match(properties[0].verdict, 'no-verdict');
  });
});

sides('--first: what is found behind the first that is violated does not count', () => {
  const lingers = 'if (inWorker && size === 4) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);';
  withSpec(countingSpec([3, 4], `${lingers} m.invariant('C2 Low', s => s.get(counters[0]) < 1);`), folder => {
    const { stdout } = same(folder, 2, 'mine.ts', '--first', '--no-cache', '--json');
    assert.is(JSON.parse(stdout).properties[1].trace.parameters.size, 3);
  });
});

sides('--first: a search behind the first that is violated is ended', () => {
  withSpec(countingSpec([50, 900], "m.invariant('C2 Low', s => size === 900 || s.get(counters[0]) < 49);"), folder => {
    assert.is(same(folder, 2, 'mine.ts', '--first', '--no-cache').status, 1);
  });
});

sides('a mistake in the spec: that of the first case that has one, though a later one is found before', () => {
  const wrong = "m.action('wrong', s => s.get(counters[2]) === 39 && s.sat(counters[2]));";
  const throws = "if (size === 5) throw new Error('five');";
  withSpec(countingSpec([40, 5], wrong + throws), folder => {
    const { status, stdout, stderr } = same(folder, 2, 'mine.ts', '--no-cache');
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, /s\.sat is not a function/);
    assert.match(stderr, /^in the case size=40$/m);
  });
});

sides('a mistake ends the cases behind it, and none of those before it', () => {
  const sizes = [40, 58, 60, 70];
  withSpec(countingSpec(sizes), folder => {
    const check = () => quiesce(folder.path, ['check', 'mine.ts', '--workers', '2']);
    assert.is(check().status, 0);
    const wrong = "m.action('wrong', s => size % 20 === 0 && s.get(counters[2]) === 39 && s.sat(counters[2]));";
    // The largest begin: 60 ends 70, and 40 comes last.
    folder.write('mine.ts', countingSpec(sizes, wrong));
    assert.match(check().stderr, /^in the case size=40$/m);
  });
});

sides('limits end each case where one process ends it', () => {
  withSpec(countingSpec([4, 30, 5]), folder => {
    const { stdout, status } = same(folder, 2, 'mine.ts', '--max-states', '1000', '--no-cache');
    assert.match(stdout, /^no verdict: case 2 of 3: more than 1000 states$/m);
    assert.is(status, 3);
  });
});

sides('a time limit is for all cases together', () => {
  withSpec(countingSpec([900, 901, 902, 4]), folder => {
    const began = performance.now();
    const args = ['check', 'mine.ts', '--workers', '2', '--time', '1', '--no-cache'];
    const { stdout, status } = quiesce(folder.path, args);
    assert.ok(performance.now() - began < 20_000);
    assert.match(stdout, /^no verdict: case 1 of 4: more than 1 seconds$/m);
    assert.match(stdout, /^ {2}no verdict {2}C1 InSize +case 1 of 4: /m);
    assert.is(status, 3);
  });
});

sides('one case is begun whatever the time: it tells which properties there are', () => {
  const lingers = 'if (!inWorker) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);';
  withSpec(countingSpec([3, 4], lingers), folder => {
    const { stdout } = quiesce(folder.path, ['check', 'mine.ts', '--workers', '2', '--time', '0.01', '--no-cache']);
    assert.match(stdout, /^ {2}no verdict {2}C1 InSize +case 1 of 2: more than 0\.01 seconds$/m);
  });
});

sides('Ctrl-C: what is known, and no verdict on the rest', async () => {
  const folder = new UserFolder();
  const begins = "if (inWorker) process.getBuiltinModule('node:fs').writeFileSync('begun' + size, '');";
  const low = "m.invariant('C2 Low', s => s.get(counters[0]) < 3);";
  try {
    folder.write('mine.ts', countingSpec([4, 900, 901, 5], begins + low));
    const { status, stdout } = await quiesceMeanwhile(
      folder.path,
      ['check', 'mine.ts', '--workers', '2', '--no-cache', '--json'],
      child => {
        const timer = setInterval(() => {
          if (![900, 901].every(size => existsSync(join(folder.path, `begun${size}`)))) return;
          clearInterval(timer);
          setTimeout(() => child.kill('SIGINT'), 500);
        }, 20);
      },
    );
    const { verdict, reason, properties } = JSON.parse(stdout);
    assert.is(verdict, 'violated');
    assert.is(reason, 'case 2 of 4: interrupted');
    assert.equal(
      properties.map((p: { name: string; verdict: string }) => p.verdict),
      ['no-verdict', 'violated', 'no-verdict'],
    );
    assert.is(status, 1);
  } finally {
    folder.remove();
  }
});

sides('a process that dies leaves its case without a verdict, and the others as they are', () => {
  const dies = "if (inWorker && size === 3) process.kill(process.pid, 'SIGKILL');";
  withSpec(countingSpec([2, 3, 4], dies), folder => {
    const { stdout, status } = quiesce(folder.path, ['check', 'mine.ts', '--workers', '2', '--no-cache', '--json']);
    const { verdict, reason, states } = JSON.parse(stdout);
    assert.is(verdict, 'no-verdict');
    assert.is(reason, 'case 2 of 3: the process that searched it ended by SIGKILL');
    assert.is(states, 2 ** 3 + 4 ** 3);
    assert.is(status, 3);
  });
});

sides('a spec that is changed meanwhile is not checked half and half', () => {
  const changes =
    "if (process.send === undefined) process.getBuiltinModule('node:fs').appendFileSync('mine.ts', 'globalThis.changed = true;');";
  withSpec(countingSpec([2, 3], '', changes), folder => {
    const { stderr, status } = quiesce(folder.path, ['check', 'mine.ts', '--workers', '2', '--no-cache']);
    assert.is(stderr, 'mine.ts was changed while it was being checked\n  check it again\n');
    assert.is(status, 2);
  });
});

sides.run();

const spare = suite('processes and threads');

/** What each worker of a check was told when it was started. */
function setups(folder: UserFolder, ...args: string[]): readonly { readonly threads: number }[] {
  const { stderr } = quiesce(folder.path, ['check', 'mine.ts', '--no-cache', ...args]);
  return stderr.split('\n').flatMap(line => (line.startsWith('{') ? JSON.parse(line) : []));
}
const shows = 'if (process.send !== undefined) console.error(process.argv[2]);';
const threadsOf = (...args: Parameters<typeof setups>) => setups(...args).map(({ threads }) => threads);

spare('threads for whom there is no case share the searches, unless these are reduced', () => {
  withSpec(countingSpec([2, 3, 4], '', shows), folder => {
    assert.equal(threadsOf(folder, '--workers', '2'), [1, 1]);
    assert.equal(threadsOf(folder, '--workers', '7'), [2, 2, 2]);
    assert.equal(threadsOf(folder, '--workers', '7', '--reduce', 'por'), [1, 1, 1]);
  });
});

spare('no more processes than the memory is for; with one case none', () => {
  withSpec(countingSpec([2, 3, 4], '', shows), folder => {
    assert.equal(threadsOf(folder, '--workers', '2', '--max-memory', '1000T'), [2]);
    assert.equal(threadsOf(folder, '--workers', '2', '-p', 'size=3'), []);
    assert.equal(threadsOf(folder, '--workers', '1'), []);
  });
});

spare('with a checkpoint the workers are threads of one process', () => {
  withSpec(countingSpec([2, 3, 4], '', shows), folder => {
    assert.equal(threadsOf(folder, '--workers', '2', '--checkpoint', 'cp'), []);
    assert.not.ok(existsSync(join(folder.path, 'cp')));
    const limited = quiesce(folder.path, [
      'check',
      'mine.ts',
      '--checkpoint',
      'cp',
      '--max-states',
      '30',
      '--no-cache',
    ]);
    assert.match(limited.stdout, /^to go on: /m);
    const { stdout, stderr } = quiesce(folder.path, [
      'check',
      'mine.ts',
      '--resume',
      'cp',
      '--workers',
      '2',
      '--no-cache',
    ]);
    assert.match(stdout, /^ {2}resumed at {5}2 cases done/m);
    assert.match(stdout, /^99 states, /m);
    assert.is(stderr, '');
  });
});

spare.run();

const reduced = suite('--reduce with --workers');

reduced('each case by one thread: counts, verdicts and what was exchanged as with one worker', () => {
  const alike = "m.interchangeable('counter', [0, 1, 2], i => [counters[i], 'count n' + i]);";
  withSpec(countingSpec([2, 3, 4], alike), folder => {
    const por = same(folder, 2, lamp, '-c', 'sizes', '-p', 'polite=false', '--reduce', 'por', '--no-cache');
    assert.match(por.stdout, /^ {2}reduction {6}partial order/m);
    assert.match(por.stdout, / states after reduction, /);
    const args = ['--property', 'no deadlock', '--reduce', 'symmetry', '--no-cache'];
    const symmetry = same(folder, 2, 'mine.ts', ...args);
    assert.match(symmetry.stdout, /^ {2}reduction {6}symmetry of counter \(3, by 2 generators\)/m);
    assert.match(symmetry.stdout, /^34 states after reduction, /m);
  });
});

reduced('what nothing reads is left out of large cases, but for what a small one reads; threads can share them', () => {
  // The parity of n0 is read in the last states only; the note never.
  const notes = `
    const parity = m.variable('parity', 0);
    const note = m.variable('note', 0);
    const [n0, n1, n2] = counters;
    const last = s => s.get(n0) + s.get(n1) + s.get(n2) === 3 * (size - 1);
    m.action('note', s => s.get(n0) < size - 1 && s.set(n0, s.get(n0) + 1).set(note, s.get(n1)).set(parity, (s.get(n0) + 1) % 2));
    m.invariant('C2 Parity', s => !last(s) || s.get(parity) < 2);`;
  withSpec(countingSpec([30, 4, 28], notes), folder => {
    const args = ['mine.ts', '--no-cache', '--reduce', 'unread'];
    const { stdout, status } = same(folder, 2, ...args);
    assert.match(
      stdout,
      /^ {2}reduction {6}without variables that nothing reads: note \(2 of 3 cases\); states are those of the others$/m,
    );
    const of = (...more: string[]) => JSON.parse(quiesce(folder.path, ['check', ...more, '--json']).stdout);
    const all = of(...args);
    assert.equal(all.leftOut, [{ name: 'note', cases: 2 }]);
    const alone = [30, 4, 28].map(size => of(...args, '-p', `size=${size}`, '--workers', '2').states);
    assert.is(
      all.states,
      alone.reduce((sum, states) => sum + states),
    );
    assert.ok(all.states < of('mine.ts', '--no-cache').states / 10);
    assert.is(status, 0);
  });
});

reduced('of several mistakes that of the first case is told, though it shows only after all are rehearsed', () => {
  const fails = `m.invariant('C2 Answers', s => {
    const [a, b, c] = counters.map(n => s.get(n));
    if (size !== 28 && a + b + c === 3 * (size - 1)) throw new Error('bad ' + size);
    return true;
  });`;
  withSpec(countingSpec([28, 30, 4], fails), folder => {
    const { stderr, status } = same(folder, 2, 'mine.ts', '--no-cache', '--reduce', 'unread');
    assert.match(stderr, /bad 30$/m);
    assert.is(status, 2);
  });
});

reduced('a single case is refused: a reduced search is one thread', () => {
  const { status, stderr } = quiesce(root, ['check', 'burst-reset', '--reduce', 'por', '--workers', '2']);
  assert.is(status, 2);
  assert.match(
    stderr,
    /^--reduce por and --workers do not go together for a single case\n {2}a reduced search is one thread/,
  );
});

reduced.run();

const cached = suite('the cache of cases, side by side');

/** The JSON of a check in a folder of its own cache. */
const found = (folder: UserFolder, ...args: string[]) =>
  JSON.parse(timeless(quiesce(folder.path, ['check', 'mine.ts', '--json', ...args])).stdout);

cached('taken and kept as by one process: after a change the same is searched, and named', () => {
  const guard = (s: string) =>
    countingSpec([2, 3, 4], `m.action('back', s => s.get(counters[1]) ${s} && s.set(counters[1], 0));`);
  const runs = (workers: string) =>
    withSpec(guard('=== 3'), folder => {
      const run = (...args: string[]) => found(folder, '--workers', workers, ...args);
      const first = run();
      const again = run();
      assert.is(again.reused, 3);
      assert.equal({ ...again, reused: undefined }, { ...first, reused: undefined });
      folder.write('mine.ts', `// A comment.\n${guard('=== 3')}`);
      const comment = run();
      folder.write('mine.ts', guard('=== 1'));
      const reduced = run('--reduce', 'por');
      assert.equal([reduced.changed, reduced.reused], [undefined, undefined]);
      const changed = run();
      assert.equal({ ...run('--no-cache'), changed: changed.changed }, changed);
      return { first, comment, changed, limited: run('--max-states', '20') };
    });
  const [one, two] = [runs('1'), runs('2')];
  assert.equal(two, one);
  assert.equal(one.changed.changed, ["'back'"]);
  assert.is(one.comment.reused, 3);
  assert.is(one.limited.reused, 1);
});

cached('what several processes keep, one takes', () => {
  withSpec(countingSpec([2, 3, 4]), folder => {
    assert.is(found(folder, '--workers', '2').reused, undefined);
    assert.is(found(folder).reused, 3);
  });
});

cached('the cases that were largest last time, or may be, begin', () => {
  const begins = "if (inWorker) console.error('begins', size);";
  // Two processes would not say in which order they begin.
  const one = ['--workers', '2', '--max-memory', '1000T'];
  const order = (folder: UserFolder, ...args: string[]) => {
    const { stderr } = quiesce(folder.path, ['check', 'mine.ts', ...one, ...args]);
    return [...stderr.matchAll(/^begins (\d+)$/gm)].map(([, size]) => Number(size));
  };
  withSpec(countingSpec([2, 30, 4, 60], begins), folder => {
    assert.equal(order(folder), [2, 30, 4, 60]);
    assert.equal(order(folder), [], 'nothing is searched again');
    assert.equal(order(folder, '--reduce', 'por'), [60, 30, 4, 2]);
    folder.write('mine.ts', countingSpec([2, 30, 4, 60], `${begins}m.invariant('C2 New', () => true);`));
    assert.equal(order(folder), [60, 30, 4, 2]);
  });
  const threads = "for (let t = 0; t < size; t++) m.thread('t' + t, [step('a', s => s), step('b', s => s)]);";
  const throws = "if (size === 2) throw new Error('two');";
  withSpec(countingSpec([3, 2, 1, 4], begins + threads + throws), folder => {
    assert.equal(order(folder, '--max-states', '9'), [4, 3, 1, 2], 'more threads are more states');
    assert.equal(order(folder, '--max-states', '9', '--first'), [3, 2]);
  });
});

cached.run();

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A spec of one's own with a hundred states. */
const text = `import { Model } from 'quiesce';

export default () => {
  const m = new Model('hundred');
  for (const name of ['a', 'b']) {
    const n = m.variable(name, 0);
    m.action(\`count \${name}\`, s => s.get(n) < 9 && s.set(n, s.get(n) + 1));
  }
  m.restingState(() => true);
  return m;
};
`;

/** Seconds from the command to the verdict on a spec of a hundred states: the median of some runs. */
export function measureStartUp(times: number): number {
  const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-'));
  try {
    const file = join(folder, 'hundred.ts');
    writeFileSync(file, text);
    const seconds = Array.from({ length: times }, () => {
      const started = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check', file, '--json'], {
        encoding: 'utf8',
      });
      const took = (performance.now() - started) / 1000;
      if (status !== 0 || JSON.parse(stdout).states !== 100)
        throw new Error(`the check ended with status ${status}: ${stderr}`);
      return took;
    });
    return seconds.sort((a, b) => a - b)[times >> 1] ?? Number.NaN;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

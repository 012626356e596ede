// npm run verify: what takes too long for npm test, in files test/**/*.slow.test.ts. `npm run verify -- mana` runs
// those whose path matches. The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const runner = resolve(import.meta.dirname, '../test/run.js');
const args = [runner, '--slow', '--verbose', ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;

// Measures one problem in two processes at once: node dist/bench/beside.js NAME MODE. Prints the seconds of each as JSON. What two
// searches that have nothing to do with each other lose to one alone is what the machine's memory and caches take from any two.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from './quiesce.ts';

const program = fileURLToPath(new URL('measure.js', import.meta.url));
const [, , name = '', mode = ''] = process.argv;
const run = async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, name, mode, '1']);
  return (JSON.parse(stdout) as Measurement).seconds;
};
console.log(JSON.stringify(await Promise.all([run(), run()])));

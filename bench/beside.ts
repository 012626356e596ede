// Measures one problem in two processes at once: node dist/bench/beside.js NAME MODE. Prints the seconds of each as JSON. What two
// searches that have nothing to do with each other lose to one alone is what the machine's memory and caches take from any two.
import { answerOf, type Measurement } from './quiesce.ts';

const [, , name = '', mode = ''] = process.argv;
const run = async () => ((await answerOf('measure.js', name, mode, '1')) as Measurement).seconds;
console.log(JSON.stringify(await Promise.all([run(), run()])));

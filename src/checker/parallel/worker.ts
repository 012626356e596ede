import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Layout, Translation } from '../layout.ts';
import { Lookup } from '../lookup.ts';
import { StoreFull } from '../store/index.ts';
import { task, waitFor, word } from './control.ts';
import { Hand } from './hand.ts';
import type { Answer, Letter, Start } from './letters.ts';

const { common, number, port } = workerData as Start & { readonly port: MessagePort };
const { control } = common;
const hand = new Hand(common, number, new Lookup(new Int32Array(1), 1));
let read = 0;

/** Reads the letters that were written before something was demanded. */
function readLetters(): void {
  for (; read < (control[word.letters] as number); read++) {
    const { briefing, move } = (receiveMessageOnPort(port) as { readonly message: Letter }).message;
    if (briefing) hand.brief(briefing);
    if (move) hand.beginMove(new Translation(new Layout(move.from), new Layout(move.to)), move.room);
  }
}

/** Does something, and says so if it fails. */
function attempt(what: () => void): void {
  try {
    what();
  } catch (error) {
    const failure = error instanceof StoreFull ? 'full' : String(error);
    port.postMessage({ failure } satisfies Answer);
    control[word.failed] = 1;
  }
}

/** Tells the main thread that this one is done with something. */
function report(done: number): void {
  Atomics.add(control, done, 1);
  Atomics.notify(control, done);
}

/** How many rounds, insertions and tasks this thread is done with. */
let [rounds, insertions, tasks] = [0, 0, 0];
let isExpanding = false;
Atomics.add(control, word.started, 1);
for (;;) {
  const demands = Atomics.load(control, word.demands);
  if (Atomics.load(control, word.insertions) > insertions) {
    // Others may wait for that: it comes before the next unit.
    attempt(() => hand.insert(control[word.inserting] as number));
    insertions++;
    report(word.inserted);
  } else if (Atomics.load(control, word.rounds) > rounds) {
    attempt(() => {
      if (!isExpanding) readLetters();
      if (!isExpanding) hand.beginRound();
      isExpanding = true;
      isExpanding = hand.expandUnit();
    });
    if (isExpanding && control[word.failed] === 0) continue;
    isExpanding = false;
    rounds++;
    report(word.expanded);
  } else if (Atomics.load(control, word.tasks) > tasks) {
    if (control[word.task] === task.end) break;
    attempt(() => {
      readLetters();
      if (control[word.task] === task.move) hand.move(control[word.buffer] as number);
      else port.postMessage({ store: hand.giveStore().parts } satisfies Answer);
    });
    tasks++;
    report(word.done);
  } else waitFor(control, word.demands, demands, Number.POSITIVE_INFINITY);
}

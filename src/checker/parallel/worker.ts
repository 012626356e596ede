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

/** Reads the letters that were written before the phase began. */
function readLetters(): void {
  for (; read < (control[word.letters] as number); read++) {
    const { briefing, move } = (receiveMessageOnPort(port) as { readonly message: Letter }).message;
    if (briefing) hand.brief(briefing);
    if (move) hand.beginMove(new Translation(new Layout(move.from), new Layout(move.to)), move.room);
  }
}

function work(): void {
  const buffer = control[word.buffer] as number;
  if (control[word.task] === task.expand) hand.expand(buffer);
  else if (control[word.task] === task.insert) hand.insert(buffer);
  else if (control[word.task] === task.move) hand.move(buffer);
  else port.postMessage({ store: hand.giveStore().parts } satisfies Answer);
}

Atomics.add(control, word.started, 1);
for (let phase = 0; ; ) {
  const now = waitFor(control, word.phase, phase, Number.POSITIVE_INFINITY);
  if (now === phase) continue;
  phase = now;
  if (control[word.task] === task.end) break;
  try {
    readLetters();
    work();
  } catch (error) {
    const failure = error instanceof StoreFull ? 'full' : String(error);
    port.postMessage({ failure } satisfies Answer);
    control[word.failed] = 1;
  }
  Atomics.add(control, word.done, 1);
  Atomics.notify(control, word.done);
}

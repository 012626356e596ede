import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Counts, Kernel, Roots } from '../kernel.ts';
import { type Layout, Translation } from '../layout.ts';
import type { Lookup } from '../lookup.ts';
import { type Allowance, Store, StoreFull, sharedCells } from '../store/index.ts';
import { newControl, task, waitFor, word } from './control.ts';
import { type Briefing, Hand, newCommon } from './hand.ts';
import type { Answer, Letter, Start } from './letters.ts';
import { type Discovered, Merge } from './merge.ts';
import { Partitions } from './partitions.ts';
import { LEFT, type Round } from './round.ts';

/** Milliseconds that the main thread sleeps at most before it lets events in: that a thread has died is one. */
const PATIENCE = 50;
/** States of a unit: their candidates stay in the cache of the thread that makes them. */
const UNIT = 512;

/** Thrown when a thread has ended or failed: the search ends with "no verdict". */
export class ThreadLost extends Error {}

/**
 * The threads of a search, the calling one included. They expand the states of a chunk and insert what comes out, round by
 * round; the store is divided into partitions by a hash of the state, one a thread, so that nothing is ever
 * written by two. Units, and the candidates in each, keep their order, so that the outcome does not depend on the number of
 * threads, or on who did what.
 */
export class Crew {
  readonly #control = newControl();
  readonly #hand: Hand;
  readonly #workers: readonly { readonly worker: Worker; readonly port: MessagePort }[];
  readonly #lookup: Lookup;
  readonly #merge = new Merge();
  readonly #chunk: number;
  readonly #unit: number;
  #briefing: Briefing | undefined;
  #isExpanding = false;
  /** In which of the two buffers the round lies that began last. */
  #buffer = 0;
  /** The round that is expanded: its buffer, which states of the chunk it has, and how many parts it has, once it is complete. */
  #round = { buffer: 0, from: 0, end: 0, parts: 0 };
  /** Words of a state in the store. */
  #words = 0;
  /** States that the largest store had at the last insertion. */
  #largest = 0;
  /** Why no thread can be relied on any more. */
  #lost: string | undefined;

  /** @param threads two at least @param chunk states that a round has at most @param unit states that a thread takes at a time */
  constructor(threads: number, lookup: Lookup, allowance: Allowance, chunk: number, unit = UNIT) {
    this.#chunk = chunk;
    this.#unit = Math.min(unit, chunk);
    this.#lookup = lookup;
    const common = newCommon(this.#control, threads, allowance.cell, Math.ceil(chunk / this.#unit));
    this.#hand = new Hand(common, 0, lookup);
    this.#workers = Array.from({ length: threads - 1 }, (_, i) => this.#start({ common, number: i + 1 }));
  }

  /** Whether all threads have started. @throws Error when one could not */
  get isReady(): boolean {
    this.#requireAll();
    return Atomics.load(this.#control, word.started) === this.#workers.length;
  }

  /** The kernel of the calling thread. */
  get kernel(): Kernel {
    return this.#hand.kernel;
  }

  /** What the threads use, the store included as long as they keep it. */
  get bytes(): number {
    const buffers = this.#hand.rounds.reduce((sum, round) => sum + round.bytes, 0);
    const chunks = this.#briefing?.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) ?? 0;
    return buffers + chunks + this.storeBytes;
  }

  /** The store alone. */
  get storeBytes(): number {
    return this.#control.subarray(word.kibibytes, word.states).reduce((sum, kibibytes) => sum + kibibytes * 1024, 0);
  }

  async started(): Promise<void> {
    while (!this.isReady) await this.#wait(word.started, Atomics.load(this.#control, word.started));
  }

  /** Tells all threads what is known, if that is new to them. */
  #brief(roots: Roots): void {
    const { cells, words } = this.#lookup;
    const known = this.#briefing;
    if (known?.cells === cells && known.words === words && known.roots === roots) return;
    const newChunk = () => sharedCells(this.#chunk * words);
    const chunks = known?.words === words ? known.chunks : ([newChunk(), newChunk()] as const);
    this.#briefing = { cells, words, roots, chunks };
    this.#hand.brief(this.#briefing);
    this.#post({ briefing: this.#briefing });
  }

  /** Divides a store among the threads; it is theirs until they are asked for it. @throws StoreFull */
  async adopt(store: Store, layout: Layout): Promise<void> {
    this.#hand.store = store;
    await this.move(new Translation(layout, layout), store.count);
  }

  /** Moves the store, which has so many states, to another layout. @throws StoreFull */
  async move(translation: Translation, states: number): Promise<void> {
    const { from, to } = translation;
    const control = this.#control;
    this.#words = to.words;
    // Partitions are not quite equal.
    const room = Math.ceil((states * 1.1) / (this.#workers.length + 1));
    this.#post({ move: { from: from.bits, to: to.bits, room } });
    this.#hand.beginMove(translation, room);
    do {
      control[word.moving] = 0;
      control[word.buffer] = this.#buffer;
      this.#set(task.move);
      this.#hand.move(this.#buffer);
      await this.#all(word.done);
      this.#round = { buffer: this.#buffer, from: 0, end: 0, parts: this.#workers.length + 1 };
      await this.insert();
    } while (control[word.moving] !== 0);
  }

  /** Takes the store back. */
  async collect(): Promise<Partitions> {
    if (this.#isExpanding) await this.expand();
    this.#set(task.handOver);
    await this.#all(word.done);
    this.#control.fill(0, word.kibibytes, word.states);
    const stores = this.#workers.map(({ port }) => {
      const answer = receiveMessageOnPort(port)?.message as Answer;
      if (!('store' in answer)) throw new ThreadLost(answer.failure);
      return Store.of(answer.store);
    });
    return new Partitions([this.#hand.giveStore(), ...stores], this.#words);
  }

  /** Lets the threads begin with a round: the states of a chunk from `from` up to `end`. */
  begin(roots: Roots, states: Int32Array, from: number, end: number): void {
    this.#brief(roots);
    const { words, chunks } = this.#briefing as Briefing;
    this.#buffer = 1 - this.#buffer;
    (chunks[this.#buffer] as Int32Array).set(states.subarray(from * words, end * words), from * words);
    const control = this.#control;
    control[word.buffer] = this.#buffer;
    control[word.from] = from;
    control[word.end] = end;
    control[word.size] = this.#unit;
    control[word.next] = 0;
    control[word.expanded] = 0;
    this.#hand.beginRound();
    this.#isExpanding = true;
    this.#demand(word.rounds);
  }

  /** Whether a round has begun. */
  get isExpanding(): boolean {
    return this.#isExpanding;
  }

  /** Takes part in the round that has begun, and waits for its end. */
  async expand(): Promise<void> {
    while (this.#hand.expandUnit());
    await this.#all(word.expanded);
    this.#isExpanding = false;
    const control = this.#control;
    const [from, end] = [control[word.from] as number, control[word.end] as number];
    this.#round = { buffer: this.#buffer, from, end, parts: 0 };
  }

  /** Whether nothing was missing in the round that is expanded. */
  get isWhole(): boolean {
    const { buffer, from, end } = this.#round;
    const { records, width } = this.#hand.rounds[buffer] as Round;
    for (let first = from, part = 0; first < end; first += this.#unit, part += 2)
      if (records[part * width + LEFT] !== Math.min(first + this.#unit, end)) return false;
    return true;
  }

  /**
   * Goes through the units of the round in order and lets `finish` expand, with the kernel of the calling thread, what was
   * left because something was missing. The round ends with the first unit that even so has states left.
   *
   * @param finish given the states that are left: the first, and the end; answers with the first that is still left
   * @returns the first state that is left of the round
   */
  complete(finish: (from: number, end: number) => number): number {
    const { buffer, from, end } = this.#round;
    const { records, width } = this.#hand.rounds[buffer] as Round;
    let left = from;
    let parts = 0;
    for (let first = from; first < end && left === first; first += this.#unit, parts += 2) {
      const last = Math.min(first + this.#unit, end);
      left = records[parts * width + LEFT] as number;
      if (left === last) this.#hand.recordNothing(buffer, parts + 1);
      else {
        left = finish(left, last);
        this.#hand.record(buffer, parts + 1, left, undefined);
      }
    }
    this.#round.parts = parts;
    return left;
  }

  /** Inserts the candidates of the round; while others do, it takes part in the next one if that has begun. @throws StoreFull */
  async insert(): Promise<void> {
    const control = this.#control;
    const { buffer, parts } = this.#round;
    control[word.inserting] = buffer;
    control[word.parts] = parts;
    this.#demandRoom();
    control[word.inserted] = 0;
    this.#demand(word.insertions);
    this.#hand.insert(buffer);
    while (this.#isExpanding && Atomics.load(control, word.inserted) < this.#workers.length) {
      if (!this.#hand.expandUnit()) break;
    }
    await this.#all(word.inserted);
  }

  /**
   * Demands that each store has room for as many states as the largest one will have after this round, and one more like the last one. To
   * grow takes long, and everybody would wait for each that does; so all do in the same round.
   */
  #demandRoom(): void {
    const largest = this.#control.subarray(word.states).reduce((most, states) => Math.max(most, states));
    this.#control[word.room] = largest + 2 * (largest - this.#largest);
    this.#largest = largest;
  }

  /**
   * Adds the round that was inserted to what is counted, and calls back with new states in the order of discovery. The
   * threads may have begun with another round.
   *
   * @returns how many there are
   */
  merge(counts: Counts, discovered: Discovered): number {
    const { buffer, parts } = this.#round;
    return this.#merge.run(this.#hand.rounds[buffer] as Round, parts, this.#words, counts, discovered);
  }

  /** Sends all threads home. */
  end(): void {
    this.#set(task.end);
  }

  #start(start: Start): { readonly worker: Worker; readonly port: MessagePort } {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { ...start, port: port2 },
      transferList: [port2],
      // Of what the process was started with, much is about its own script: how to read it, what to load before it.
      execArgv: process.execArgv.filter(argument => argument.startsWith('--cpu-prof')),
    });
    worker.unref();
    worker.on('error', error => {
      this.#lost ??= String(error);
    });
    worker.on('exit', () => {
      this.#lost ??= 'it ended';
    });
    return { worker, port: port1 };
  }

  #post(letter: Letter): void {
    for (const { port } of this.#workers) port.postMessage(letter);
    (this.#control[word.letters] as number)++;
  }

  /** Sets all threads a task. */
  #set(what: number): void {
    this.#control[word.task] = what;
    this.#control[word.done] = 0;
    this.#demand(word.tasks);
  }

  /** Lets all threads know that there is another round, insertion or task. */
  #demand(kind: number): void {
    Atomics.add(this.#control, kind, 1);
    Atomics.add(this.#control, word.demands, 1);
    Atomics.notify(this.#control, word.demands);
  }

  /** Waits until all other threads have counted themselves at a word. @throws StoreFull, or Error when one has failed */
  async #all(at: number): Promise<void> {
    const control = this.#control;
    for (;;) {
      const done = Atomics.load(control, at);
      if (done === this.#workers.length) break;
      await this.#wait(at, done);
    }
    if (control[word.failed] === 0) return;
    const failures = this.#workers.flatMap(
      ({ port }) => (receiveMessageOnPort(port)?.message as Answer | undefined) ?? [],
    );
    if (failures.some(answer => 'failure' in answer && answer.failure === 'full')) throw new StoreFull();
    throw new ThreadLost(`a thread of the search failed: ${JSON.stringify(failures)}`);
  }

  /** Waits until a word changes; lets events in when that takes long. */
  async #wait(at: number, value: number): Promise<void> {
    if (waitFor(this.#control, at, value, PATIENCE) !== value) return;
    await new Promise<void>(resolve => setImmediate(resolve));
    this.#requireAll();
  }

  #requireAll(): void {
    if (this.#lost !== undefined) throw new ThreadLost(`a thread of the search ended: ${this.#lost}`);
  }
}

import { type Block, type Body, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { State } from '../state.ts';
import type { Thread } from '../thread.ts';
import type { Variable } from '../variable.ts';
import { whyNotWait } from './blocking.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/** An alarm: a callback that a serial executor runs later, at any time, once for each time that it was set. */
export class Alarm {
  readonly model: Model;
  readonly name: string;
  /** How many runs are due. */
  readonly due: Variable<number>;
  /** The thread that runs the callback at present. */
  readonly running: Variable<Thread | null>;

  constructor(model: Model, name: string) {
    this.model = model;
    this.name = name;
    this.due = model.variable(`${name} due`, 0);
    this.running = model.variable<Thread | null>(`${name} running`, null);
  }

  /** The state in which one more run is due. */
  set(s: State): State {
    return s.update(this.due, n => n + 1);
  }

  /** The state in which no run is due; one in progress goes on. */
  drop(s: State): State {
    return s.set(this.due, 0);
  }

  /** The state in which the thread has begun to run the callback; false when no run is due. */
  begin(s: State, t: Thread): State | false {
    const due = s.get(this.due);
    return due > 0 && s.set(this.due, due - 1).set(this.running, t);
  }
}

/** Declares an alarm. Several alarms may run in any order, whatever their times. */
export const alarm = (m: Model, name: string): Alarm => new Alarm(m, name);

/** Makes one more run due; it never begins inside the callback that sets it. */
export function setAlarm<const N extends string = never>(
  alarm: Alarm,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`set ${alarm.name}`, unwrap(options));
  return step(name, s => alarm.set(s), more);
}

/**
 * Drops what is due, then waits until the callback does not run; the thread that runs it does not wait. What the
 * callback sets meanwhile is dropped as well. A name gives NAME and 'NAME wait'.
 */
export function cancelAlarm<const N extends string = never>(
  alarm: Alarm,
  t: Thread,
  options: BlockOptions<N> | Citation = {},
): Body<N | `${N} wait`> {
  const given: BlockOptions<N> = unwrap(options);
  const [name, more] = stepOf(`cancel ${alarm.name}`, { ...given, rest: false });
  const [wait, waitOptions] = stepOf(`cancelled ${alarm.name}`, given, ' wait');
  const runner = (s: State) => {
    const running = s.get(alarm.running);
    return running === t ? null : running;
  };
  return [
    step(name, s => whyNotWait(alarm.model, s, t, name) ?? alarm.drop(s), more),
    step(wait, s => runner(s) === null && alarm.drop(s), { ...waitOptions, waitsFor: s => runner(s) ?? undefined }),
  ];
}

/** The alarm as a source of an executor: begins when due, runs the blocks, returns. A name gives NAME and 'NAME returns'. */
export function runAlarm<const N extends string = never, M extends string = never>(
  alarm: Alarm,
  t: Thread,
  body: Body<M>,
  options: BlockOptions<N> | Citation = {},
): Body<M | N | `${N} returns`> {
  const given: BlockOptions<N> = unwrap(options);
  const [name, more] = stepOf(`run ${alarm.name}`, { rest: true, ...given });
  const [returns, returnOptions] = stepOf(`${alarm.name} returns`, { ...given, rest: false }, ' returns');
  return [
    step(name, s => alarm.begin(s, t), more),
    body,
    step(returns, s => s.set(alarm.running, null), returnOptions),
  ];
}

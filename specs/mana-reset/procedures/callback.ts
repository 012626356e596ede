import {
  assign,
  type Body,
  type Citation,
  call,
  choose,
  type State,
  step,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { ifAllowed } from '../contract.ts';
import { onPriv } from '../driver.ts';
import type { Reaction } from '../parameters.ts';
import { mana } from '../source.ts';
import type { View, World } from '../state.ts';
import type { ethClose, ethInfo, ethStop } from './ethdev.ts';

/** The ethdev events that the driver reports. */
export type Event = 'ERR_RECOVERING' | 'RECOVERY_SUCCESS' | 'RECOVERY_FAILED' | 'INTR_RMV' | 'NEW';

/** The calls that a callback may make. */
export interface Calls {
  readonly stop: ReturnType<typeof ethStop>;
  readonly close: ReturnType<typeof ethClose>;
  readonly info: ReturnType<typeof ethInfo>;
}

const views: Readonly<Record<Event, View | undefined>> = {
  ERR_RECOVERING: 'RECOVERING',
  RECOVERY_SUCCESS: 'UP',
  RECOVERY_FAILED: 'FAILED',
  INTR_RMV: 'REMOVED',
  NEW: undefined,
};

/** The application hears of an event; it remembers it only where a contract makes it do so. */
const hear = (w: World, event: Event) => (s: State) => {
  const heard = views[event];
  if (w.p.contract === 0 || !heard) return s;
  const gone = s.get(w.view).startsWith('REMOVED');
  if (!gone) return s.set(w.view, heard);
  return s.set(w.view, heard === 'RECOVERING' ? 'REMOVED, RECOVERING' : 'REMOVED');
};

/** What the application's callback for an event does, on the thread that reports it. */
function callback(w: World, reaction: Reaction, event: Event, calls: Calls | undefined): Body {
  const inline = (body: (calls: Calls) => Body) => (calls ? body(calls) : []);
  switch (reaction) {
    case 'NONE':
      return [];
    case 'ALARM_STOP':
      return [step(`${event} callback sets alarm`, s => s.set(w.alarms.has('stop'), true))];
    case 'ALARM_STOP_CLOSE':
      return [step(`${event} callback sets alarm`, s => s.set(w.alarms.has('stop and close'), true))];
    case 'WAKE_APP_STOP_CLOSE':
      return [step(`${event} callback wakes APP`, s => s.set(w.wake, true))];
    case 'INLINE_STOP':
      return inline(c => ifAllowed(w, `stop at ${event}`, 'ending', [call(c.stop)]));
    case 'INLINE_STOP_CLOSE':
      return inline(c => ifAllowed(w, `stop and close at ${event}`, 'ending', [call(c.stop), call(c.close)]));
    case 'INLINE_INFO':
      return inline(c => ifAllowed(w, `info_get at ${event}`, 'other', [call(c.info)]));
  }
}

/**
 * rte_eth_dev_callback_process: the event is reported, then the application's callback runs. It may react to one
 * occurrence of an event and let another pass. Without `calls` it makes none: it is inside a control call already.
 */
export function emit(
  w: World,
  t: Thread,
  label: string,
  event: Event,
  calls: Calls | undefined,
  cite: Citation,
  and: (s: State) => State = s => s,
): Body {
  const reaction = {
    ERR_RECOVERING: w.p.onRecovering,
    RECOVERY_SUCCESS: w.p.onSuccess,
    RECOVERY_FAILED: w.p.onFailed,
    INTR_RMV: w.p.onRemove,
    NEW: w.p.onNew,
  }[event];
  const name = `${label} emit ${event}`;
  const report = (s: State) => and(hear(w, event)(s));
  const body = callback(w, reaction, event, calls);
  if (body.length === 0) return [onPriv(w, t, name, report, cite)];
  const acts = t.local('callback acts', false);
  return [
    onPriv(
      w,
      t,
      name,
      s => choose({ 'callback acts': report(s).set(acts, true), 'callback lets it pass': report(s) }),
      cite,
    ),
    whenLocal(s => s.get(acts), [assign(acts, false), body]),
  ];
}

/** RECOVERY_FAILED of a reset that close ended: the application is inside its call of close. */
export const closeFailed = (w: World, t: Thread): Body =>
  w.sw.closeReports
    ? emit(w, t, 'AC6', 'RECOVERY_FAILED', undefined, mana('mana_dev_close_lock', 'pthread_mutex_unlock', 1063))
    : [];

import {
  assign,
  type Body,
  call,
  choose,
  forever,
  type Model,
  select,
  step,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { begin, delivered, end, mayBegin } from '../contract.ts';
import type { Procedures } from '../procedures/index.ts';
import { ealAlarm, ealDev, ealInterrupts } from '../source.ts';
import { NULL, type World } from '../state.ts';

/** The device event monitor: on INTR, or (removeThread OWN) on a thread of its own. */
const monitor = (w: World, t: Thread, pr: Procedures): Body => {
  const found = t.local('callback found', false);
  return [
    step(
      'RM0 remove uevent',
      s => {
        if (!s.get(w.uevent)) return false;
        const seen = s.set(w.uevent, false);
        return s.get(w.removeCb) ? seen.set(w.removeCbActive, true).set(found, true) : delivered(w, seen);
      },
      { rest: true, cite: ealDev('rte_dev_event_callback_process', 'active', 642) },
    ),
    whenLocal(
      s => s.get(found),
      [
        call(pr.removeEvent),
        step(
          'RM8 callback returns',
          s => s.set(w.removeCbActive, false),
          ealDev('rte_dev_event_callback_process', 'active', 647),
        ),
        assign(found, false),
      ],
    ),
  ];
};

/** The alarms that the application's callbacks set. */
const alarms = (w: World, pr: Procedures): readonly Body[] => {
  const { onRecovering, onSuccess, onFailed, onRemove, onNew } = w.p;
  const reactions = [onRecovering, onSuccess, onFailed, onRemove, onNew];
  const due = (name: 'stop' | 'stop and close', calls: Body): Body => [
    step(
      `alarm: ${name}`,
      s => {
        if (!s.get(w.alarms.has(name)) || !mayBegin(w, s, 'ending')) return false;
        return begin(w, s.set(w.alarms.has(name), false));
      },
      { rest: true, cite: ealAlarm('eal_alarm_callback', 'cb_fn', 113) },
    ),
    calls,
    end(w, name),
  ];
  return [
    ...(reactions.includes('ALARM_STOP') ? [due('stop', [call(pr.stop)])] : []),
    ...(reactions.includes('ALARM_STOP_CLOSE') ? [due('stop and close', [call(pr.stop), call(pr.close)])] : []),
  ];
};

/** The alarm on which the proposal reports what handler, removal callback and reset thread have noted. */
const resetAlarm = (w: World, pr: Procedures): Body => [
  step('alarm: reset', s => s.get(w.resetAlarm) && s.set(w.resetAlarm, false).set(w.resetAlarmRuns, true), {
    rest: true,
    cite: ealAlarm('eal_alarm_callback', 'executing', 97),
  }),
  call(pr.resetAlarm),
  step('alarm returns', s => s.set(w.resetAlarmRuns, false), ealAlarm('eal_alarm_callback', 'LIST_REMOVE', 105)),
];

/** INTR: the interrupt thread of EAL; handler, device event callback and alarms run on it one at a time. */
export const interruptThread = (m: Model, w: World, pr: Procedures): Thread =>
  m.thread('INTR', t => [
    forever([
      select(
        [
          step(
            'interrupt',
            s =>
              choose(
                Object.fromEntries(
                  w.contexts
                    .filter(g => s.get(w.source(g)) === 'live' && s.get(w.fatal(g)) > 0)
                    .map(g => [`context ${g}`, s.set(w.activeSource, g)]),
                ),
              ),
            { rest: true, cite: ealInterrupts('eal_intr_process_interrupts', 'active', 961) },
          ),
          call(pr.handler),
          step(
            'interrupt callback returns',
            s => s.set(w.activeSource, NULL),
            ealInterrupts('eal_intr_process_interrupts', 'active', 1051),
          ),
        ],
        ...(w.p.removes > 0 && w.p.monitor && w.p.removeThread === 'INTR' ? [monitor(w, t, pr)] : []),
        ...(w.sw.reports === 'alarm' ? [resetAlarm(w, pr)] : []),
        ...alarms(w, pr),
      ),
    ]),
  ]);

/** HOTPLUG: a thread of its own for device event callbacks, as a review finding supposes. */
export const hotplugThread = (m: Model, w: World, pr: Procedures): void => {
  if (w.p.removes > 0 && w.p.monitor && w.p.removeThread === 'OWN')
    m.thread('HOTPLUG', t => [forever([monitor(w, t, pr)])]);
};

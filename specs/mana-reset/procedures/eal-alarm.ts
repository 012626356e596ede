import type { Body, Citation, Thread } from '../../../src/spec/index.ts';
import { onPriv } from '../driver.ts';
import type { World } from '../state.ts';

/** rte_eal_alarm_set: the alarm is due; one that is due already is the same. */
export const setAlarm = (w: World, t: Thread, name: string, cite: Citation): Body =>
  w.sw.reports === 'alarm' ? [onPriv(w, t, name, s => s.set(w.resetAlarm, true), cite)] : [];

/** rte_eal_alarm_cancel: takes the alarm back, and waits for one that another thread executes. */
export const cancelAlarm = (w: World, t: Thread, intr: () => Thread, name: string, cite: Citation): Body =>
  w.sw.reports === 'alarm'
    ? [
        onPriv(w, t, name, s => (t === intr() || !s.get(w.resetAlarmRuns)) && s.set(w.resetAlarm, false), cite, {
          waitsFor: s => (t !== intr() && s.get(w.resetAlarmRuns) ? intr() : undefined),
        }),
      ]
    : [];

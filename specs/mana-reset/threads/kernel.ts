import { choose, forever, type Model, select, step } from '../../../src/spec/index.ts';
import type { World } from '../state.ts';

/** KER: the kernel raises DEVICE_FATAL on an open context, and removes the device, a bounded number of times. */
export function kernelThread(m: Model, w: World): void {
  const fatals = m.budget('FATAL events', w.p.fatals);
  const removals = m.budget('removals', w.p.removes);
  const quiet = (call: number) => w.p.contract < 2 || call === 0;
  const raise = step(
    'raise FATAL',
    s => {
      if (s.get(fatals.left) === 0 || !quiet(s.get(w.calls))) return false;
      return choose(
        Object.fromEntries(
          w.contexts
            .filter(g => s.get(w.ctx(g)) === 'open')
            .map(g => {
              const raised = s.update(fatals.left, n => n - 1).update(w.fatal(g), n => n + 1);
              return [`on context ${g}`, w.p.contract < 2 ? raised : raised.update(w.undelivered, n => n + 1)];
            }),
        ),
      );
    },
    { rest: true },
  );
  const remove = step(
    'remove device',
    s => {
      if (s.get(removals.left) === 0 || !quiet(s.get(w.calls))) return false;
      const gone = s.update(removals.left, n => n - 1).set(w.removed, true);
      if (!w.p.monitor) return gone;
      const raised = gone.set(w.uevent, true);
      return w.p.contract < 2 ? raised : raised.update(w.undelivered, n => n + 1);
    },
    { rest: true },
  );
  const events = [...(w.p.fatals > 0 ? [[raise]] : []), ...(w.p.removes > 0 ? [[remove]] : [])];
  if (events.length > 0) m.thread('KER', [forever([select(...events)])]);
}

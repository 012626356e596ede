import { type Body, call, type Model, step, type Thread } from '../../../src/spec/index.ts';
import { whenAllowed } from '../contract.ts';
import type { Procedures } from '../procedures/index.ts';
import type { World } from '../state.ts';

/** APP: the control calls of the application, in order; each is begun whatever the one before has answered. */
export function applicationThread(m: Model, w: World, pr: Procedures, lcore: () => Thread | undefined): void {
  // The application stops polling and waits for its lcores before it calls stop.
  const quiesce: Body =
    w.p.lcore === 'none' || w.p.polling === 'goes-on'
      ? []
      : [
          step('stop polling', s => s.set(w.polling, false)),
          step('wait for lcore', s => {
            const thread = lcore();
            return s.get(w.polling) === false && !(thread && s.within(thread, pr.rxBurst, pr.txBurst)) && s;
          }),
        ];
  const stop = whenAllowed(w, 'stop', 'ending', [quiesce, call(pr.stop)]);
  const close = whenAllowed(w, 'close', 'ending', [call(pr.close)]);
  const start = whenAllowed(w, 'start', 'other', [call(pr.start)]);
  const configure = whenAllowed(w, 'configure', 'other', [call(pr.configure)]);
  const setup = w.queues.map(q => whenAllowed(w, `set up ${q}`, 'other', [call(pr.setup[q])]));
  const remove = whenAllowed(w, 'remove', 'ending', [call(pr.remove)]);

  const again = (body: Body, name: string): Body =>
    body.map(b =>
      Array.isArray(b)
        ? again(b as Body, name)
        : 'kind' in b && b.kind === 'step'
          ? { ...b, name: `${b.name}, ${name}` }
          : b,
    );
  const programs: Readonly<Record<typeof w.p.app, Body>> = {
    none: [],
    woken: [step('wait to be woken', s => s.get(w.wake) && s, { rest: true }), stop, close],
    'stop-close': [stop, close],
    close: [close],
    'start-stop-close': [start, stop, close],
    'stop-start-stop-close': [stop, start, again(stop, 'again'), close],
    'setup-start-stop-close': [setup, start, stop, close],
    'configure-to-close': [configure, setup, start, stop, close],
    reconfigure: [configure, setup, start],
    remove: [remove],
  };
  if (w.p.app !== 'none') m.thread('APP', programs[w.p.app]);

  const seconds: Readonly<Record<typeof w.p.second, Body>> = {
    none: [],
    info: whenAllowed(w, 'info_get', 'other', [call(pr.info)]),
    'rx-interrupt': whenAllowed(w, 'rx_intr_enable', 'other', [call(pr.rxIntrEnable)]),
    stop: whenAllowed(w, 'stop', 'ending', [call(pr.stop)]),
  };
  if (w.p.second !== 'none') m.thread('APP2', seconds[w.p.second]);
}

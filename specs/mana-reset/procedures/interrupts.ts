import {
  attempt,
  type Block,
  type Citation,
  choose,
  procedure,
  ret,
  type State,
  type Thread,
} from '../../../src/spec/index.ts';
import { inPriv, onPriv, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana } from '../source.ts';
import { NULL, type World } from '../state.ts';

const U = 'mana_intr_uninstall';
const N = 'mana_intr_install';

/** EAL rebuilds its epoll set after each change of the sources and aborts when one of them has a closed descriptor. */
export function rebuild(w: World, s: State, t: Thread, name: string): State {
  const dead = w.contexts.find(g => s.get(w.source(g)) === 'live' && s.get(w.ctx(g)) === 'closed');
  if (dead === undefined) return s;
  return s.violate(
    w.obligations.P4p,
    `after '${name}' of ${t.name} EAL polls the descriptor of context ${dead}, which is closed`,
  );
}

/** rte_intr_callback_unregister: the source by its descriptor; false where it answers -EINVAL, -EAGAIN or -ENOENT. */
export function unregister(w: World, s: State, t: Thread, name: string): State | false {
  const g = s.get(w.IH);
  if (g === NULL || s.get(w.activeSource) === g || s.get(w.source(g)) === 'none') return false;
  return rebuild(w, s.set(w.source(g), 'none'), t, name);
}

/** A step that unregisters the interrupt callback: tried once, or until EAL is not in the callbacks of its source. */
export const unregisterStep = (w: World, t: Thread, intr: () => Thread, name: string, cite: Citation): Block => {
  const label = name.slice(0, name.indexOf(' '));
  const waits = (s: State) =>
    w.sw.unregister === 'until-idle' && s.get(w.IH) !== NULL && s.get(w.activeSource) === s.get(w.IH);
  return onPriv(w, t, name, s => !waits(s) && (unregister(w, s, t, label) || s), cite, {
    waitsFor: s => (waits(s) ? intr() : undefined),
  });
};

/** U: takes back the interrupt and the removal callback; answers 0 or an error. */
export const intrUninstall = (w: World, intr: () => Thread) =>
  procedure(U, t => {
    const again = w.sw.unregister === 'until-idle';
    const noInstance = testPriv(
      w,
      t,
      'U1 intr_handle NULL?',
      s => s.get(w.IH) === NULL,
      [ret(0)],
      [],
      mana(U, 'intr_handle', 1895),
    );
    // An active entry stays: -EAGAIN is ignored in R2 and logged from R4 on, to the same effect. The proposal tries again.
    const removeCallback = onPriv(
      w,
      t,
      'U2 unregister remove callback',
      s => (s.get(w.removeCbActive) ? !again && s : s.set(w.removeCb, false)),
      mana(U, 'rte_dev_event_callback_unregister', 1904),
      { waitsFor: s => (again && s.get(w.removeCbActive) && w.p.removeThread === 'INTR' ? intr() : undefined) },
    );
    const freeInstance = onPriv(
      w,
      t,
      'U4 free intr_handle',
      s => s.set(w.IH, NULL),
      mana(U, 'rte_intr_instance_free', 1918),
    );
    const name = 'U3 unregister intr callback';
    const cite = mana(U, 'rte_intr_callback_unregister', 1911);
    return [
      w.sw.uninstallAll ? [removeCallback, noInstance] : [noInstance, removeCallback],
      again
        ? [unregisterStep(w, t, intr, name, cite), freeInstance, ret(0)]
        : inPriv(
            w,
            t,
            attempt(name, s => unregister(w, s, t, 'U3'), [freeInstance, ret(0)], [ret(-1)], { cite }),
          ),
    ];
  });

/** N: registers the interrupt callback on the descriptor of ib_ctx, and the removal callback; answers 0 or an error. */
export const intrInstall = (w: World) =>
  procedure(N, t => {
    const free = (name: string) => onPriv(w, t, name, s => s.set(w.IH, NULL), mana(N, 'rte_intr_instance_free', 1989));
    return [
      onPriv(
        w,
        t,
        'N1 alloc intr_handle',
        s => {
          const g = s.get(w.ibCtx);
          return g === NULL
            ? s.violate(w.obligations.P4, `${t.name} takes the descriptor of context NULL`)
            : s.set(w.IH, g);
        },
        mana(N, 'rte_intr_instance_alloc', 1942),
      ),
      mayFail(
        w,
        'install',
        'N3 register fails',
        [free('N3 free intr_handle'), ret(-1)],
        [],
        mana(N, 'rte_intr_callback_register', 1967),
      ),
      inPriv(
        w,
        t,
        attempt(
          'N3 register intr callback',
          s => {
            const g = s.get(w.IH);
            if (g === NULL) return false;
            const stale = w.contexts.some(
              other => other !== g && s.get(w.source(other)) === 'live' && s.get(w.ctx(other)) === 'closed',
            );
            if (!stale) return s.set(w.source(g), 'live');
            // The kernel may give the new context the descriptor number of the closed one: then EAL adds a callback to the
            // source that it knows and does not poll the new descriptor.
            return choose({
              'another descriptor': rebuild(w, s.set(w.source(g), 'live'), t, 'N3'),
              'the same descriptor': s.set(w.source(g), 'deaf'),
            });
          },
          [],
          [free('N3 free intr_handle again'), ret(-1)],
          { cite: mana(N, 'rte_intr_callback_register', 1967) },
        ),
      ),
      onPriv(
        w,
        t,
        'N4 register remove callback',
        s => s.set(w.removeCb, true),
        mana(N, 'rte_dev_event_callback_register', 1980),
      ),
      ret(0),
    ];
  });

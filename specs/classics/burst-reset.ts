import {
  attempt,
  compareExchange,
  fetchAnd,
  fetchOr,
  forever,
  integer,
  leave,
  lock,
  Model,
  mutex,
  type State,
  spec,
  step,
  type Thread,
  trylock,
  unlock,
  when,
} from '../../src/spec/index.ts';

const IN_BURST = 1;
const BLOCKED = 2;

/**
 * A simplified device reset: before the reset thread unmaps the doorbell page it blocks every data-path thread and
 * waits for the end of its burst. Control calls of the application try the device's mutex and ask for its state.
 */
export default spec({
  name: 'burst-reset',
  about: 'a device reset that waits until every data-path thread has left its burst',
  parameters: {
    lcores: integer(3, { min: 1, max: 12, about: 'data-path threads' }),
  },
  configurations: Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => [`lcores=${n}`, [{ lcores: n }]])),
  defaultConfiguration: 'lcores=3',
  model: ({ lcores }) => {
    const m = new Model('burst-reset');
    const queues = Array.from({ length: lcores }, (_, q) => q);

    const device = m.variable<'ACTIVE' | 'ENTER' | 'EXIT'>('device', 'ACTIVE');
    const ops = mutex(m, 'ops');
    const mapped = m.variable('mapped', true);
    const burst = m.family('burst', queues, () => 0);
    // The page as a data-path thread has read it.
    const page = m.family('page', queues, () => false);
    const touched = m.variable('unmapped memory was touched', false);
    const touch = (s: State, isMapped: boolean) => (isMapped ? s : s.set(touched, true));

    const dataPath = queues.map(q =>
      m.thread(`lcore${q}`, [
        forever([
          forever([compareExchange(burst(q), 0, IN_BURST, [leave], [], { name: 'begin burst' })]),
          step('read page', s => s.set(page(q), s.get(mapped))),
          step('ring doorbell', s => touch(s, s.get(page(q)) && s.get(mapped)).set(page(q), false)),
          fetchAnd(burst(q), ~IN_BURST, { name: 'end burst' }),
        ]),
      ]),
    );

    // The data paths are alike; the reset is not, since it goes through them in ascending order: a reduction is refused.
    m.interchangeable('lcore', queues, q => [dataPath[q] as Thread, burst(q), page(q)]);

    m.thread('reset', t => [
      forever([
        lock(ops, t, { name: 'lock to enter' }),
        step('enter', s => s.set(device, 'ENTER')),
        queues.map(q => fetchOr(burst(q), BLOCKED, { name: `block ${q}` })),
        queues.map(q => forever([attempt(`drain ${q}`, s => (s.get(burst(q)) & IN_BURST) === 0 && s, [leave])])),
        step('unmap', s => s.set(mapped, false)),
        unlock(ops, t, { name: 'unlock to wait' }),
        step('wait for the device', s => s),
        lock(ops, t, { name: 'lock to exit' }),
        step('exit', s => s.set(device, 'EXIT')),
        step('map', s => s.set(mapped, true)),
        queues.map(q => fetchAnd(burst(q), ~BLOCKED, { name: `unblock ${q}` })),
        step('activate', s => s.set(device, 'ACTIVE')),
        unlock(ops, t, { name: 'unlock at the end' }),
      ]),
    ]);

    m.thread('application', t => [
      forever([
        forever([trylock(ops, t, [leave], [], { name: 'trylock' })]),
        when('is the device active?', s => s.get(device) === 'ACTIVE', [step('operate', s => touch(s, s.get(mapped)))]),
        unlock(ops, t, { name: 'unlock' }),
      ]),
    ]);

    m.invariant('no access to an unmapped page', s => !s.get(touched), {
      because: 'the page is unmapped only when every data-path thread has left its burst',
    });
    return m;
  },
});

import {
  atMost,
  type Body,
  call,
  forever,
  leave,
  Model,
  memory,
  procedure,
  step,
  type Thread,
  whenLocal,
} from '../../src/spec/index.ts';
import type { DrainParameters, OrderOf } from './parameters.ts';
import { mana } from './source.ts';

const FREE = 0;
const HELD = 1;

type DeviceState = 'ACTIVE' | 'RESET_ENTER' | 'RESET_EXIT';

/**
 * The state of the device and its lock: the reset path writes the device's plain memory (contexts, queues) with the
 * lock held, control calls use it with the lock held where the state is ACTIVE. The mutex is taken to be the weakest
 * that excludes: taken with acquire, given back with release.
 */
export function devStateModel(p: DrainParameters, order: OrderOf): Model {
  const m = new Model('mana-drain');
  const mem = memory(m, 'mem', { model: p.memory, threads: ['RESET', 'APP'] });
  const whole = m.obligation('S1 WholeDevice', { because: 'a control call that finds ACTIVE finds a whole device' });
  const state = mem.atomic<DeviceState>('dev_state', 'ACTIVE');
  const ops = mem.atomic('reset_ops_lock', FREE);
  const device = mem.plain('device', true, 'S2 DeviceRaceFree');

  const taking = { order: order('lock', 'acquire'), failure: 'relaxed' } as const;
  const unlock = (t: Thread, name: string, fn: string, line: number) =>
    mem.by(t).store(ops, FREE, { name, order: order('lock', 'release'), cite: mana(fn, 'pthread_mutex_unlock', line) });
  const set = (t: Thread, value: DeviceState, fn: string, line: number) =>
    mem.by(t).store(state, value, {
      name: `store ${value}`,
      order: order('state-store', 'release'),
      cite: mana(fn, `MANA_DEV_${value}`, line),
    });
  const lock = (t: Thread, fn: string, name: string, line: number): Body => [
    forever([
      mem.by(t).compareExchange(ops, FREE, HELD, [leave], [], {
        ...taking,
        name,
        cite: mana(fn, 'pthread_mutex_lock', line),
      }),
    ]),
  ];

  // The drain, and the hand-over from the interrupt thread to the reset thread by way of the lock, are left out.
  const teardown = procedure('mana_dev_close', t => [
    mem.by(t).write(device, false, { name: 'tear down', cite: mana('mana_reset_thread', 'mana_dev_close', 1459) }),
  ]);
  const restart = procedure('mana_dev_start', t => [
    mem.by(t).write(device, true, { name: 'restart', cite: mana('mana_reset_exit_delay', 'mana_dev_start', 1707) }),
  ]);
  const reset = m.thread('RESET', t => [
    atMost(
      p.resets,
      [
        lock(t, 'mana_intr_handler', 'IH4 lock', 1848),
        set(t, 'RESET_ENTER', 'mana_reset_enter', 1551),
        call(teardown),
        set(t, 'RESET_EXIT', 'mana_reset_thread', 1479),
        unlock(t, 'RT7 unlock', 'mana_reset_thread', 1482),
        lock(t, 'mana_reset_thread', 'RT11 lock', 1506),
        call(restart),
        set(t, 'ACTIVE', 'mana_reset_exit_delay', 1728),
        unlock(t, 'XD10 unlock', 'mana_reset_exit_delay', 1756),
      ],
      { rest: true },
    ),
  ]);

  const use = procedure('mana_dev_info_get', t => [
    step(
      'use the device',
      s => {
        const { found, state: after } = device.read(s, t);
        return found ? after() : s.violate(whole, `${t.name} uses the device, which is torn down`);
      },
      mana('mana_dev_info_get_lock', 'mana_dev_info_get', 461),
    ),
  ]);
  const app = m.thread('APP', t => {
    const cpu = mem.by(t);
    const found = t.local<DeviceState>('state', 'RESET_ENTER');
    const locked = p.mutation !== 'no-lock';
    const giveBack = locked ? [unlock(t, 'unlock', 'mana_reset_trylock', 446)] : [];
    const guarded = [
      cpu.load(state, found, {
        name: 'A2 ACTIVE?',
        order: order('state-load', 'acquire'),
        cite: mana('mana_reset_trylock', 'dev_state', 444),
      }),
      whenLocal(s => s.get(found) === 'ACTIVE', [call(use)]),
      giveBack,
    ];
    const trylock = cpu.compareExchange(ops, FREE, HELD, guarded, [], {
      ...taking,
      name: 'A1 trylock',
      cite: mana('mana_reset_trylock', 'pthread_mutex_trylock', 441),
    });
    return [atMost(2, locked ? [trylock] : guarded, { rest: true })];
  });

  m.invariant('S3 CallsExcludeTeardown', s => !(s.within(reset, teardown, restart) && s.within(app, use)), {
    because: 'a control call never runs while the reset path tears the device down or starts it again',
  });
  return m;
}

import { type Observer, type State, type Step, StepRef, type Thread } from '../../../src/spec/index.ts';
import type { Event } from '../procedures/callback.ts';
import type { World } from '../state.ts';

/** The steps that properties name: a test sees that each of them exists in some case. */
export const namedSteps = new Set<string>();

/** A step by its name, in whichever procedure; most exist in some revisions and cases only. */
export function step(name: string): StepRef {
  namedSteps.add(name);
  return new StepRef(undefined, name, true);
}

/** The event that a step reports, if it reports one. */
export const reported = (taken: Step): Event | undefined => / emit (\w+)$/.exec(taken.name)?.[1] as Event | undefined;

/** A procedure by its name. */
export const proc = (name: string) => ({ name });

/** What the application calls to end the use of a port. */
export const ending = ['mana_dev_stop_lock', 'mana_dev_close_lock', 'mana_dev_uninit'].map(proc);

/** Between getting into a burst and leaving it. */
const inBurstSteps = [
  'BT3 poll completions, post',
  'BT5 write doorbell',
  'BT6 leave burst',
  'BT4 send MPp',
  'BT4 reply MPp',
  'BT6 offline',
  'BR3 poll completions, post',
  'BR4 read db_page, write doorbell',
  'BR5 leave burst',
  'BR5 offline',
].map(step);

/** The threads of a model that properties ask about. */
export function castOf(w: World) {
  const named = (name: string): Thread | undefined => w.m.threads.find(t => t.name === name);
  const intr = named('INTR') as Thread;
  const lcore = named('LCORE');
  const secondaryLcores = (w.secondaries?.processes ?? []).flatMap(k =>
    k.main.threads.filter(t => t.name === `LCs${k.number}`),
  );
  const lcores = [...(lcore ? [lcore] : []), ...secondaryLcores];
  const isInBurst = (s: State, t: Thread) => s.at(t, ...inBurstSteps);
  return {
    intr,
    lcore,
    secondaryLcores,
    app: named('APP'),
    second: named('APP2'),
    rst: w.rst.threads,
    /** The threads of a reset: in R1 those that end one too. */
    reset: [...w.rst.threads, ...(w.DLY?.pool.threads ?? [])],
    isInBurst,
    /** Whether a data path is inside a burst, in whichever process. */
    inBurst: (s: State) => lcores.some(t => isInBurst(s, t)),
    /** Whether a step belongs to the reset path, not to a call of the application. */
    inReset: (taken: Step) =>
      !taken.within(...ending) &&
      taken.within(...['mana_reset_thread', 'mana_reset_enter', 'mana_reset_exit_delay'].map(proc)),
  };
}

export type Cast = ReturnType<typeof castOf>;

/** What several groups of properties remember. */
export interface History {
  /** How far a removal has come: nobody knows, the reset thread is signalled, the application has been told. */
  readonly removal: Observer<'none' | 'signalled' | 'reported'>;
  /** The four states of a port that the recovery events speak of. */
  readonly view: Observer<'UP' | 'RECOVERING' | 'FAILED' | 'REMOVED'>;
}

export function historyOf(w: World): History {
  return {
    removal: w.m.observer<'none' | 'signalled' | 'reported'>('removal', 'none', (o, taken) => {
      if (taken.is(step('RM2-RM4 store RESET_FAILED and signal'), step('RM2-RM4 note removal and signal')))
        return o === 'none' ? 'signalled' : o;
      if (reported(taken) === 'INTR_RMV') return 'reported';
      return taken.is(step('AC7 release port'), step('AU5 release port')) ? 'none' : o;
    }),
    view: w.m.observer<'UP' | 'RECOVERING' | 'FAILED' | 'REMOVED'>('port', 'UP', (o, taken) => {
      switch (reported(taken)) {
        case 'ERR_RECOVERING':
          return o === 'UP' ? 'RECOVERING' : o;
        case 'RECOVERY_SUCCESS':
          return o === 'RECOVERING' ? 'UP' : o;
        case 'RECOVERY_FAILED':
          return o === 'RECOVERING' ? 'FAILED' : o;
        case 'INTR_RMV':
          return 'REMOVED';
        default:
          // A port that the application starts again after a failure is up.
          return o === 'FAILED' && taken.is(step('AT dev_started := 1')) ? 'UP' : o;
      }
    }),
  };
}

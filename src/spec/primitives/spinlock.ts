import type { Model } from '../model.ts';
import { forbidWaitingUnder } from './blocking.ts';
import { Lock, type LockOptions } from './mutex.ts';

export interface SpinlockOptions extends LockOptions {
  /** What happens when the owner does something that may sleep: it fails an obligation, or nothing. */
  readonly sleeping?: 'violation' | 'allowed' | undefined;
  /** The obligation under which sleeping while it is owned is reported. */
  readonly sleepingProperty?: string | undefined;
}

/**
 * A spinlock: `lock`, `unlock`, `trylock` and `destroy` as for a mutex, but its owner must not do anything that may
 * sleep: lock a mutex, wait for a condition, join a thread, send a request, or take a `blocking` step.
 */
export function spinlock(m: Model, name: string, options: SpinlockOptions = {}): Lock {
  const lock = new Lock(m, name, m.obligation(options.property ?? 'spinlocks are used rightly'), false, options);
  if (options.sleeping !== 'allowed') {
    const obligation = m.obligation(options.sleepingProperty ?? 'nothing sleeps under a spinlock');
    forbidWaitingUnder(m, { name, owner: lock.owner, obligation });
  }
  return lock;
}

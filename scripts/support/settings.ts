import type { Assignment } from '../../src/spec/index.ts';

/** Assumptions about the application and the environment of mana-reset, as parameters. */
export interface Setting {
  readonly name: string;
  readonly pinned: Readonly<Assignment>;
  readonly about: string;
}

const patient = { deadline: 'patient' } as const;
export const settings: readonly Setting[] = [
  { name: 'default', pinned: {}, about: 'the parameters as each case has them' },
  {
    name: 'contract 1',
    pinned: { contract: 1 },
    about:
      'the application begins one control call at a time, none between ERR_RECOVERING and the terminal event, and only stop and close after RECOVERY_FAILED or INTR_RMV',
  },
  {
    name: 'contract 2',
    pinned: { contract: 2 },
    about: 'also no call meets an event of the kernel that has not been reported yet',
  },
  {
    name: 'contract 2, patient',
    pinned: { contract: 2, ...patient },
    about: 'also the recovery timer does not fire while an interrupt handler runs unblocked',
  },
  { name: 'patient', pinned: patient, about: 'the recovery timer alone' },
  {
    name: 'patient, no spurious',
    pinned: { ...patient, spurious: false },
    about: 'the recovery timer, and condition variables that wake only when signalled or late',
  },
  { name: 'no spurious', pinned: { spurious: false }, about: 'condition variables alone' },
  {
    name: 'block',
    pinned: { selfJoin: 'block' },
    about: 'a thread that joins itself blocks; by default it gets EDEADLK',
  },
  {
    name: 'core',
    pinned: { contract: 2, ...patient, fatals: 1, removeThread: 'INTR', portName: 'differs' },
    about:
      'all that favours the driver: contract 2, patient, at most one DEVICE_FATAL, removal callbacks on the interrupt thread, port names as this driver makes them',
  },
];

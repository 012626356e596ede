import { exitStatus } from './exit-status.ts';

/** Whether the user has asked to stop. */
export interface Interrupt {
  readonly asked: () => boolean;
  /** Resolves when the user asks. */
  readonly when: Promise<void>;
  /** Gives the signals back to whoever had them. */
  readonly release: () => void;
}

/**
 * The first Ctrl-C asks for an end with what is known; the second ends the process at once. A step that never
 * returns lets neither through; such a process has to be killed.
 */
export function catchInterrupt(): Interrupt {
  let asked = false;
  let tell = () => {};
  const when = new Promise<void>(resolve => {
    tell = resolve;
  });
  const onSignal = () => {
    if (asked) process.exit(exitStatus.noVerdict);
    asked = true;
    tell();
  };
  process.on('SIGINT', onSignal);
  return { asked: () => asked, when, release: () => process.off('SIGINT', onSignal) };
}

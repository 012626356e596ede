import { exitStatus } from './exit-status.ts';

/** Whether the user has asked to stop. */
export interface Interrupt {
  readonly asked: () => boolean;
  /** Gives the signals back to whoever had them. */
  readonly release: () => void;
}

/**
 * The first Ctrl-C asks for an end with what is known; the second ends the process at once. A step that never
 * returns lets neither through; such a process has to be killed.
 */
export function catchInterrupt(): Interrupt {
  let asked = false;
  const onSignal = () => {
    if (asked) process.exit(exitStatus.noVerdict);
    asked = true;
  };
  process.on('SIGINT', onSignal);
  return { asked: () => asked, release: () => process.off('SIGINT', onSignal) };
}

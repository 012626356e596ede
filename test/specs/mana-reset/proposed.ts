import { type ConfigurationResult, checkCases } from '../../../src/review/index.ts';
import { type Assignment, casesOf, modelOf } from '../../../src/spec/index.ts';
import { type Case, spec } from './support.ts';

const environment = { removeThread: 'INTR', closeFails: false, polling: 'stops everywhere' } as const satisfies Case;

/**
 * The assumptions of the proposal: CONTRACT 1, removal callbacks on the interrupt thread, contexts that close, and a
 * data path that is stopped in every process before the port is.
 */
export const assumed = { ...environment, contract: 1 } as const satisfies Case;

/** The application may also call while a recovery is announced, from one thread at a time. */
export const callsDuringRecovery = { ...environment, contract: 0, callers: 'one' } as const satisfies Case;

/** A configuration of the proposal, or those of its cases that are asked for. */
export const checkConfiguration = (
  name: string,
  pinned: Case,
  among: (given: Assignment) => boolean = () => true,
): Promise<ConfigurationResult> =>
  checkCases(casesOf(spec, name, { ...pinned, revision: 'proposed' }).filter(among), {
    build: assignment => modelOf(spec, assignment),
    reference: spec.name,
  });

/** Whether a callback sets an alarm, in which the application calls from the interrupt thread. */
export const hasAlarm = (given: Assignment): boolean => Object.values(given).some(v => String(v).startsWith('ALARM'));

/** What does not hold. */
export const violated = ({ properties }: ConfigurationResult): readonly string[] =>
  properties.filter(({ verdict }) => verdict !== 'holds').map(({ name }) => name);

import { SpecError } from './errors.ts';
import type { WorkingState } from './run.ts';
import { type Action, Choice, type StepInfo } from './step.ts';

/**
 * Runs an action: the states that it offers, each with its label if it offers a choice; none when it is not enabled.
 *
 * @throws SpecError "the guard reads no variable" for an action that says false without having looked
 */
export function alternativesOf(
  info: StepInfo,
  action: Action,
  s: WorkingState,
): readonly (readonly [label: string | undefined, state: WorkingState])[] {
  const { run } = s;
  const { reads, made } = run;
  const result = action(s);
  if (result instanceof Choice) return result.alternatives.map(([label, state]) => [label, run.accept(state)] as const);
  if (result !== false) return [[undefined, run.accept(result)]];
  run.forget(made);
  if (run.reads > reads) return [];
  throw new SpecError({
    what: 'the guard reads no variable, so the step is never enabled',
    where: info.site,
    hint: 'a handle is not its value: write !s.get(lock), not !lock',
  });
}

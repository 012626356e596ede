import { formatStep, type Quantified, Site, SpecError, type StepInfo, type Variable } from '../spec/index.ts';

/** Runs user code; whatever it throws becomes an error of the spec that says what was running. */
export function guarded<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SpecError) {
      if (error.what.startsWith('in step')) throw error;
      throw new SpecError({ what: `in ${name}: ${error.what}`, where: error.where, hint: error.hint });
    }
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new SpecError({
      what: `${name} threw ${thrown}`,
      where: Site.ofError(error),
      hint: 'an action or property must answer for every state that can be reached',
    });
  }
}

/** The cells of tries are 32-bit numbers. */
export function requireSmall(form: Quantified<unknown>, value: number): void {
  if ((value | 0) === value) return;
  throw new SpecError({
    what: `'${form.name}' came to ${value}, which does not fit 32 bits`,
    hint: 'sum smaller numbers, or compare inside the terms',
  });
}

/** A predicate answers true or false, nothing that could be taken for either. */
export function requireBoolean(name: string, result: unknown): boolean {
  if (typeof result === 'boolean') return result;
  throw new SpecError({
    what: `property '${name}' answered ${result === undefined ? 'nothing' : `a ${typeof result}`}, not true or false`,
    hint: 'return a boolean',
  });
}

/** History is not for steps to write. */
export const historyWritten = (variable: Variable<unknown>, info: StepInfo): SpecError =>
  new SpecError({
    what: `in step '${formatStep(info)}': it sets '${variable.name}', which only the observer itself moves on`,
    where: info.site,
    hint: 'declare a variable of the model if steps are to write it',
  });

import { SpecError, type StepInfo } from '../spec/index.ts';
import type { PathStep } from './result.ts';

/** Where a state is found again. */
export interface Place {
  /** The number of a state, in the order of discovery. */
  readonly ordinal: number;
  /** Steps from there to the state that is meant, if a reduced search passes it by. */
  readonly after?: readonly PathStep[] | undefined;
}

/** The first violation of a property: in which state, and by which step out of it if a step is at fault. */
export interface Violation extends Place {
  readonly step: PathStep | undefined;
  readonly detail: string;
  readonly threads: readonly string[];
}

/** The place alone, of what has more. */
export const placeOf = ({ ordinal, after }: Place): Place => ({ ordinal, after });

/** An error of user code, with the path to the state in which it ran. */
export class StepError extends SpecError {
  readonly path: readonly PathStep[];

  constructor(error: SpecError, path: readonly PathStep[]) {
    super({ what: error.what, where: error.where, hint: error.hint });
    this.path = path;
  }
}

/** What a search has found so far, apart from its states. */
export class Findings {
  /** By property; states are looked at in the order of their discovery, so the first violation is kept. */
  readonly violations = new Map<string, Violation>();
  /** The steps that were taken, with the branches that were entered. */
  readonly taken = new Map<StepInfo, Set<string | undefined>>();

  violated(property: string, violation: Violation): void {
    if (!this.violations.has(property)) this.violations.set(property, violation);
  }

  took(info: StepInfo, label: string | undefined): void {
    const branches = this.taken.get(info);
    if (branches) branches.add(label);
    else this.taken.set(info, new Set([label]));
  }

  /** Whether one of these properties is violated: steps report obligations whether asked for or not. */
  concern(names: ReadonlySet<string>): boolean {
    return [...this.violations.keys()].some(name => names.has(name));
  }
}

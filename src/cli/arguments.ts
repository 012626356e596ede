/** The options that say which cases of a spec are meant. */
export interface CaseArguments {
  readonly spec: string;
  readonly parameter: readonly string[];
  readonly configuration: string | undefined;
}

/** What `check` is given. */
export interface CheckArguments extends CaseArguments {
  readonly property: readonly string[] | undefined;
  readonly first: boolean;
  readonly maxStates: string | undefined;
  readonly maxMemory: string | undefined;
  readonly time: string | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly types: boolean;
  readonly unreached: boolean;
  readonly progress: boolean;
}

/** What `causes` is given. */
export interface CausesArguments extends CaseArguments {
  readonly property: readonly string[] | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
}

/** The forms in which `trace` shows a counterexample. */
export const traceForms = ['text', 'mail', 'dot', 'svg', 'swimlane', 'swimlane-svg', 'mermaid', 'json'] as const;
export type TraceForm = (typeof traceForms)[number];

/** What `trace` is given. */
export interface TraceArguments {
  readonly file: string;
  readonly as: TraceForm;
  readonly spec: string | undefined;
}

/** What `graph` is given. */
export interface GraphArguments extends CaseArguments {
  readonly maxStates: string;
}

/** What `list` is given. */
export interface ListArguments {
  readonly spec: string | undefined;
  readonly json: boolean;
}

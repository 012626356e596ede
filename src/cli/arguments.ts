import type { Reduction } from '../checker/index.ts';

/** What `check --reduce` can be given. */
export const reductions = ['por', 'symmetry', 'unread'] as const satisfies readonly Reduction[];

/** The options that say which cases of a spec are meant. */
export interface CaseArguments {
  readonly spec: string;
  readonly parameter: readonly string[];
  readonly configuration: string | undefined;
}

/** The options that say where the modelled source is; each value may begin with the name of a revision: R2=DIR. */
export interface SourceArguments {
  /** Checkouts or repositories; empty: the source is not looked at. */
  readonly source: readonly string[];
  readonly commit: readonly string[];
}

/** What may be spent. */
export interface LimitArguments {
  readonly maxStates: string | undefined;
  readonly maxMemory: string | undefined;
  readonly time: string | undefined;
}

/** What `check` is given. */
export interface CheckArguments extends CaseArguments, LimitArguments, SourceArguments {
  readonly property: readonly string[] | undefined;
  readonly first: boolean;
  readonly reduce: readonly Reduction[] | undefined;
  /** How many processes, or threads in a single case. */
  readonly workers: string | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly types: boolean;
  readonly unreached: boolean;
  readonly cache: boolean;
  /** Check again whenever the spec changes. */
  readonly watch: boolean;
  /** A file to write checkpoints to. */
  readonly checkpoint: string | undefined;
  /** The file to go on from; checkpoints are written to it as well, unless another one is named. */
  readonly resume: string | undefined;
  /** Seconds. */
  readonly checkpointEvery: string | undefined;
  readonly progress: boolean;
}

/** What `causes` is given. */
export interface CausesArguments extends CaseArguments {
  readonly property: readonly string[] | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
}

/** What every command is given that works out many cases at once. */
export interface TableArguments extends LimitArguments {
  readonly spec: string;
  readonly parameter: readonly string[];
  /** Names of configurations; `all` stands for every one. */
  readonly configuration: readonly string[] | undefined;
  readonly property: readonly string[] | undefined;
  readonly jobs: string | undefined;
  readonly cache: boolean;
  readonly json: boolean;
  readonly progress: boolean;
}

/** What `ablate` is given. */
export interface AblateArguments extends TableArguments {
  readonly new: boolean;
}

/** What `matrix` is given. */
export interface MatrixArguments extends TableArguments, SourceArguments {
  readonly rows: string | undefined;
  readonly story: boolean;
  readonly html: string | undefined;
  readonly out: string | undefined;
  readonly expect: string | undefined;
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

/** What `cite` is given. */
export interface CiteArguments extends CaseArguments, SourceArguments {
  readonly write: boolean;
  readonly rules: boolean;
  readonly trace: string | undefined;
  readonly json: boolean;
}

/** What `list` is given. */
export interface ListArguments {
  readonly spec: string | undefined;
  readonly json: boolean;
}

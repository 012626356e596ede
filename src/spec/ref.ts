/** What `s.within` asks for: a procedure, by its name. */
export interface ProcedureRef {
  readonly name: string;
}

/** Names a step for `s.at`: a procedure and a step name in it. Without a procedure any procedure's step of that name matches. */
export class StepRef<N extends string = string> {
  readonly procedure: string | undefined;
  readonly name: N;
  /** Only some models have the step: a design switch takes it out. */
  readonly optional: boolean;

  constructor(procedure: string | undefined, name: N, optional = false) {
    this.procedure = procedure;
    this.name = name;
    this.optional = optional;
  }

  /** Whether a step is the one that this names. */
  matches(info: { readonly name: string; readonly procedure: string | undefined }): boolean {
    return info.name === this.name && (this.procedure === undefined || info.procedure === this.procedure);
  }
}

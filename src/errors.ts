/** A failure the user can act on. Anything else that is thrown is a defect of ours. */
export class UserError extends Error {
  override name = 'UserError';
  /** One thing to do, in the imperative. */
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The user stopped the run (Ctrl-C, or escape at a prompt). */
export class Cancelled extends Error {
  override name = 'Cancelled';
}

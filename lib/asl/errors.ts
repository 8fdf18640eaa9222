/** A DAG that does not fit a state machine. The message lists every problem, each with its task. */
export class AslError extends Error {
  override readonly name = 'AslError';
  readonly problems: readonly string[];

  constructor(dagId: string, problems: readonly string[]) {
    super([`DAG ${dagId} cannot be compiled to a state machine:`, ...problems].join('\n  - '));
    this.problems = problems;
  }
}

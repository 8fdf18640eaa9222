/** A DAG that cannot be built. The message lists every problem, each with its task or option. */
export class DagError extends Error {
  override readonly name = 'DagError';
  readonly problems: readonly string[];

  constructor(dagId: string, problems: readonly string[]) {
    super([`DAG ${dagId} cannot be built:`, ...problems].join('\n  - '));
    this.problems = problems;
  }
}

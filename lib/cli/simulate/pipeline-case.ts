import type { Graph } from '#lib/dag/index.ts';
import { UsageError } from '../errors.ts';
import { outputsOf } from './branches.ts';
import { answerOf, type Case, type Outcome } from './case.ts';
import { graphOfPipeline } from './compiled.ts';
import type { Answer } from './engine.ts';

/** As given on the command line. */
export interface Wanted {
  /** Ids of tasks. */
  readonly fail: readonly string[];
  readonly skip: readonly string[];
  /** `<task>=<branch>`. */
  readonly branch: readonly string[];
}

/** @throws UsageError where there is no such pipeline, task or branch */
export const caseOf = async (pipeline: string, wanted: Wanted): Promise<Case> =>
  caseOfGraph(await graphOfPipeline(pipeline), wanted);

export function caseOfGraph(graph: Graph, { fail, skip, branch }: Wanted): Case {
  for (const [option, ids] of Object.entries({ '--fail': fail, '--skip': skip })) {
    for (const id of ids) check(graph, option, id);
  }
  const branches = Object.fromEntries(branch.map((given) => readBranch(graph, given)));
  const outputs = outputsOf(graph, branches);
  const outcomeOf = (id: string): Outcome => (fail.includes(id) ? 'failed' : skip.includes(id) ? 'skipped' : 'success');
  const tasks = graph.tasks.map(({ id, map }): [string, Answer[]] => {
    const outcomes = map ? [outcomeOf(id), 'success' as const] : [outcomeOf(id)];
    return [id, outcomes.map((outcome) => answerOf(outcome, outputs[id]))];
  });
  return { graph, tasks: Object.fromEntries(tasks) };
}

function check({ tasks }: Graph, option: string, id: string): void {
  const task = tasks.find((one) => one.id === id);
  if (!task)
    throw new UsageError(
      `${option} ${id}: there is no such task. There are: ${tasks.map((one) => one.id).join(', ')}.`,
    );
  if (task.type === null)
    throw new UsageError(`${option} ${id}: the task is empty: it does nothing, so it succeeds where it runs.`);
}

function readBranch(graph: Graph, given: string): [string, string] {
  const [, task, branch] = /^([^=]+)=(.+)$/s.exec(given) ?? [];
  if (task === undefined || branch === undefined)
    throw new UsageError(`--branch ${given}: write it as <task>=<branch>.`);
  check(graph, '--branch', task);
  return [task, branch];
}

/** A graph, and how each of its tasks ends where it runs. */
import { ERROR } from '#lib/contract/error-names.ts';
import type { Graph } from '#lib/dag/index.ts';
import type { Answer, Answers } from './engine.ts';

export interface Case {
  /** Its id is what the case is told by: the pipeline's, or `line-<n>` of a file. */
  readonly graph: Graph;
  readonly tasks: Answers['tasks'];
}

export type Outcome = 'success' | 'failed' | 'skipped';

const CAUSE = JSON.stringify({ errorMessage: 'as simulated' });

export function answerOf(outcome: Outcome, output: unknown): Answer {
  if (outcome === 'success') return { output };
  return { error: outcome === 'failed' ? ERROR.terminal : ERROR.skipped, cause: CAUSE };
}

/** The answers of its functions, begin among them: the run of one day, with the params' defaults. */
export const answersOf = ({ graph: { id, params }, tasks }: Case): Answers => ({
  begin: {
    dagId: id,
    runId: '20260101T000000Z',
    logicalDate: '2026-01-01T00:00:00Z',
    dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
    clearing: 1,
    execution: 'simulated',
    params: { ...params },
  },
  tasks,
});

/** A graph, and how each of its tasks ends where it runs. */
import type { StateMachine } from '#lib/asl/index.ts';
import type { TaskOfRun } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import { type ListPointer, withListed } from '#lib/contract/listed.ts';
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

/**
 * The answers of its functions, begin among them: the run of one day, with the params' defaults. Lists that distributed
 * Maps read from the ledger are left out of them, and lie in `objects`.
 */
export function answersOf({ graph: { id, params }, tasks }: Case, machine: StateMachine): Answers {
  const objects: Record<string, unknown> = {};
  const given = { ...tasks };
  for (const [task, lists] of listedIn(machine as unknown as Part)) {
    const at = { bucket: 'ledger', key: `${task}.json` };
    const answer = tasks[task]?.[0];
    if (!answer || !('output' in answer)) continue;
    objects[`${at.bucket}/${at.key}`] = answer;
    given[task] = [{ output: withListed(answer.output, lists, at) }];
  }
  return {
    begin: {
      dagId: id,
      runId: '20260101T000000Z',
      logicalDate: '2026-01-01T00:00:00Z',
      dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
      clearing: 1,
      execution: 'simulated',
      params: { ...params },
    },
    tasks: given,
    objects,
  };
}

/** What is read of a state. */
interface Part {
  readonly States: Readonly<
    Record<
      string,
      {
        readonly Arguments?: { readonly Payload?: { readonly task?: TaskOfRun } };
        readonly Branches?: readonly Part[];
      }
    >
  >;
}

/** The tasks whose functions are told to leave lists out, with those. */
const listedIn = ({ States }: Part): [string, readonly ListPointer[]][] =>
  Object.values(States).flatMap(({ Arguments, Branches = [] }) => {
    const { id = '', listed } = Arguments?.Payload?.task ?? {};
    return [...(listed ? [[id, listed] as [string, readonly ListPointer[]]] : []), ...Branches.flatMap(listedIn)];
  });

/** The whole machine: begin, the tasks' states, and how a run ends. */
import { ERROR } from '#lib/contract/error-names.ts';
import type { PipelineOptions } from '#lib/contract/run-record.ts';
import type { Graph } from '#lib/dag/index.ts';
import { AslError } from './errors.ts';
import { embed, expressionOf, literal } from './jsonata.ts';
import { brokenLimits } from './limits.ts';
import { BEGIN_RETRIES } from './retry.ts';
import { statesOf } from './sequence.ts';
import { canFail, sequenceOf } from './series-parallel.ts';
import { invoke, type State, type States } from './state.ts';
import { Variables } from './variables.ts';

interface CompileOptions {
  /** The ARN of the function that carries out a task type of this pipeline. */
  readonly functionArn: (taskType: string) => string;
  /** The ARN of begin. */
  readonly begin: string;
}

/** A definition in Amazon States Language (JSONata). */
export interface StateMachine extends States {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly TimeoutSeconds: number;
}

const DAY_SECONDS = 86_400;

/**
 * The state machine of a DAG. Its states carry the tasks' ids; besides them it has `Begin run`, `Already run`,
 * `Succeeded` and `Failed`, a `Fork n` and `Join n` where tasks run side by side, and the ends of branches.
 *
 * An execution succeeds with the status of every task as its output (`{}` of one that was already run). It fails with
 * `Sluice.RunFailed` and the same JSON as its cause, or with begin's own error and cause.
 *
 * @throws AslError that says which tasks do not fit and why
 */
export function compile(graph: Graph, { functionArn, begin }: CompileOptions): StateMachine {
  const elements = sequenceOf(graph);
  const tasks = statesOf(
    elements,
    { ends: { next: 'Succeeded', failed: 'Failed' }, readable: new Map() },
    { variables: new Variables(graph), functionArn, forks: 0 },
  );
  const machine: StateMachine = {
    Comment: `DAG ${graph.id}`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: DAY_SECONDS,
    StartAt: 'Begin run',
    States: {
      'Begin run': beginState(graph, { begin, next: tasks.StartAt }),
      'Already run': { Type: 'Succeed' },
      ...tasks.States,
      Succeeded: { Type: 'Succeed' },
      ...(elements.some(canFail) && { Failed: failedState(graph) }),
    },
  };
  const problems = brokenLimits(machine, elements);
  if (problems.length > 0) throw new AslError(graph.id, problems);
  return machine;
}

/** What begin is told of the pipeline. */
const pipelineOptionsOf = ({ id, schedule, timeZone, maxActiveRuns, snapshot, tasks }: Graph) =>
  ({
    dagId: id,
    schedule,
    timeZone,
    maxActiveRuns,
    snapshot,
    tasks: tasks.map((task) => task.id),
  }) satisfies PipelineOptions;

/** Its errors are not caught, but that of a run that already is: the execution ends with them as they are. */
const beginState = (graph: Graph, { begin, next }: { begin: string; next: string }): State => ({
  ...invoke(begin, {
    execution: embed('$states.context.Execution.Id'),
    startTime: embed('$states.context.Execution.StartTime'),
    input: inputOf(graph),
    pipeline: pipelineOptionsOf(graph),
  }),
  Retry: BEGIN_RETRIES,
  Catch: [{ ErrorEquals: [ERROR.duplicate], Output: {}, Next: 'Already run' }],
  Assign: { run: embed('$states.result.Payload') },
  Output: {},
  Next: next,
});

/** The execution's input, with the params' defaults under those that it gives. */
function inputOf({ params }: Graph): string {
  if (Object.keys(params).length === 0) return embed('$states.input');
  const defaults = expressionOf(params, literal);
  return embed(`$merge([$states.input, {"params": $merge([${defaults}, $states.input.params])}])`);
}

/** A task without a status was never reached, since one that it waits for failed. */
function failedState({ tasks }: Graph): State {
  const unreached = Object.fromEntries(tasks.map(({ id }) => [id, 'upstream_failed']));
  return {
    Type: 'Fail',
    Error: ERROR.runFailed,
    Cause: embed(`$string($merge([${expressionOf(unreached, literal)}, $states.input]))`),
  };
}

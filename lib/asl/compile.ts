/** The whole machine: begin, the tasks' states, and how a run ends. */

import type { Node, PipelineOptions } from '#lib/contract/begin-event.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { Distribution, longMaps } from './distribution.ts';
import { Ending } from './ending.ts';
import { AslError } from './errors.ts';
import { embed } from './jsonata.ts';
import { brokenLimits, distributedMaps } from './limits.ts';
import { Numbered, Possible } from './possible.ts';
import { BEGIN_RETRIES, longestDelay } from './retry.ts';
import { Sequence } from './sequence.ts';
import { type AddedWait, sequenceOf, tasksOf } from './series-parallel.ts';
import { invoke, isNative, type State, type StateMachine } from './state.ts';
import { Variables } from './variables.ts';
import { Statuses, type Way } from './way.ts';

interface CompileOptions {
  /** The ARN of the function that carries out a task type of this pipeline. */
  readonly functionArn: (taskType: string) => string;
  /** The ARN of begin. */
  readonly begin: string;
  /** The ARN of another pipeline's state machine. */
  readonly machineArn: (pipeline: string) => string;
}

const DAY_SECONDS = 86_400;
/** No execution lives longer. */
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * The state machine of a DAG. Its states carry the tasks' ids; besides them it has `Begin run`, `Already run`,
 * `Succeeded` and `Failed`, a `Fork n` where tasks run side by side, the ends of its branches, and a Choice where it is
 * open whether what follows runs (and one in front of each job and callback task, whose results a rerun may reuse): `Join n` behind a fork, `Join of <task>` behind a mapped task, else `<task>?`.
 *
 * An execution succeeds with the status of every task as its output (`{}` of one that was already run). It fails, where
 * a leaf failed or is upstream_failed, with `Sluice.RunFailed` and the same JSON as its cause, or with begin's own
 * error and cause. Where the first failure ends the run, tasks of which nothing was known yet are left out.
 *
 * A mapped task is an inline Map where its list and the run's history are proved to have room for it. Otherwise it is a
 * distributed one: each item has an execution of its own, and the items come from the ledger where they can.
 *
 * @throws AslError that says which tasks do not fit and why
 */
export function compile(graph: Graph, options: CompileOptions): StateMachine {
  const long = longMaps(graph);
  const first = machineOf(graph, { ...options, distributed: long });
  const distributed = distributedMaps(first, graph);
  const machine = distributed.size > long.size ? machineOf(graph, { ...options, distributed }) : first;
  const problems = brokenLimits(machine, graph);
  if (problems.length > 0) throw new AslError(graph.id, problems);
  return machine;
}

function machineOf(
  graph: Graph,
  { functionArn, begin, machineArn, distributed }: CompileOptions & { readonly distributed: ReadonlySet<string> },
): StateMachine {
  const { elements } = sequenceOf(graph);
  const order = elements.flatMap(tasksOf);
  const [statuses, tasks] = [new Statuses(order.map(({ id }) => id)), new Numbered(order)];
  const ending = new Ending(graph);
  const sequence = new Sequence(
    elements,
    { readable: new Map(), end: ending.of, stop: ending.stop, onRead: () => {} },
    {
      variables: new Variables(graph),
      statuses,
      tasks,
      functionArn,
      machineArn,
      distribution: new Distribution(graph, distributed),
      forks: 0,
    },
  );
  const { entry, states } = sequence.walk(new Possible(tasks));
  const final = ending.states(sequence.nameBehind());
  const between = states();
  return {
    Comment: `DAG ${graph.id}`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: timeoutOf(graph),
    StartAt: 'Begin run',
    States: {
      'Begin run': beginState(graph, { begin, entry, statuses }),
      'Already run': { Type: 'Succeed' },
      ...between,
      ...final,
    },
  };
}

/**
 * The tasks that begin later than in Airflow, where they could as soon as what they wait for has ended: a state
 * machine cannot tell the order of such a DAG but by barriers, in front of which all waits.
 */
export const addedWaits = (graph: Graph): readonly AddedWait[] => sequenceOf(graph).waits;

/** A day, and what its sensors, callback tasks and jobs may wait for besides. */
const timeoutOf = ({ tasks }: Graph): number =>
  Math.min(
    YEAR_SECONDS,
    tasks.reduce((sum, task) => sum + waitOf(task), DAY_SECONDS),
  );

/** A sensor has its time for all its attempts together; each try of a callback task or job has its own. */
function waitOf({ sensor, callback, job, retries, retryDelaySeconds }: GraphTask): number {
  const { timeoutSeconds } = callback ?? job ?? {};
  if (timeoutSeconds === undefined) return sensor?.timeoutSeconds ?? 0;
  return (1 + retries) * timeoutSeconds + retries * longestDelay(retryDelaySeconds);
}

/** What begin is told of the pipeline. */
const pipelineOptionsOf = ({
  id,
  schedule,
  timeZone,
  startDate,
  endDate,
  catchup,
  maxActiveRuns,
  snapshot,
  tasks,
  paramsSchema,
}: Graph) =>
  ({
    dagId: id,
    schedule,
    timeZone,
    startDate,
    ...(endDate !== null && { endDate }),
    ...(catchup && { catchup }),
    maxActiveRuns,
    snapshot,
    tasks: tasks.map((task) => task.id),
    nodes: nodesOf(tasks),
    params: JSON.stringify(paramsSchema),
  }) satisfies PipelineOptions;

function nodesOf(tasks: readonly GraphTask[]): Node[] {
  const places = new Map(tasks.map(({ id }, at) => [id, at]));
  return tasks.map((task) => {
    const kind = kindOf(task);
    return { after: task.upstream.map((id) => places.get(id) as number), ...(kind && { kind }) };
  });
}

const kindOf = (task: GraphTask): Node['kind'] =>
  task.map ? 'mapped' : isNative(task) ? 'native' : task.type === null ? 'empty' : undefined;

/** What begin gives, and the day of the logical date (Airflow: ds). */
const RUN =
  '$merge([$sift($states.result.Payload, function($v, $k) { $k != "reused" }),' +
  ' {"date": $substringBefore($states.result.Payload.logicalDate, "T")}])';
/** Outputs of an earlier clearing that no function can give: no task is told of them. */
const REUSED = '$exists($states.result.Payload.reused) ? $states.result.Payload.reused : {}';

/** Its errors are not caught, but that of a run that already is: the execution ends with them as they are. */
function beginState(
  graph: Graph,
  { begin, entry, statuses }: { begin: string; entry: Way; statuses: Statuses },
): State {
  return {
    ...invoke(begin, {
      execution: embed('$states.context.Execution.Id'),
      startTime: embed('$states.context.Execution.StartTime'),
      input: embed('$states.input'),
      pipeline: pipelineOptionsOf(graph),
    }),
    Retry: BEGIN_RETRIES,
    Catch: [{ ErrorEquals: [ERROR.duplicate], Output: {}, Next: 'Already run' }],
    Assign: {
      run: embed(RUN),
      ...(graph.tasks.some(isNative) && { reused: embed(REUSED) }),
      ...statuses.variables,
    },
    Output: entry.statuses.length > 0 ? embed(`$merge([${statuses.objects(entry.statuses).join(', ')}])`) : {},
    Next: entry.to(),
  };
}

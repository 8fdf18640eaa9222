/** The single states. */
import type { Waiting } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import type { ListPointer } from '#lib/contract/listed.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { jobOutput, jobState } from './job.ts';
import { embed, literal, type Read, template } from './jsonata.ts';
import { retriesOf } from './retry.ts';
import type { Statuses, Way } from './way.ts';

export type State = { readonly Type: string; readonly [field: string]: unknown };
interface States {
  readonly StartAt: string;
  readonly States: Record<string, State>;
}

/** A definition in Amazon States Language (JSONata). */
export interface StateMachine extends States {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly TimeoutSeconds: number;
}

/** What a function of a pipeline may take: Lambda's most. A state waits longer, so an attempt is dead before its retry. */
export const FUNCTION_TIMEOUT_SECONDS = 900;
const STATE_TIMEOUT_SECONDS = FUNCTION_TIMEOUT_SECONDS + 60;

/** Where a task's state leads: by the end that the task came to. */
export interface Placed {
  readonly functionArn: string;
  readonly machineArn: (pipeline: string) => string;
  readonly read: Read;
  /** The variable for the output, where somebody takes it. */
  readonly variable: string | undefined;
  readonly statuses: Statuses;
  readonly success: Way;
  readonly skipped: Way;
  readonly failed: Way;
}

export const invoke = (functionArn: string, payload: object): State => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: STATE_TIMEOUT_SECONDS,
  Arguments: { FunctionName: functionArn, Payload: payload },
});

/** What a task's function is given beside the attempt. */
interface Given {
  readonly run: string;
  readonly task: object;
  readonly input: unknown;
}

export const invokeFor = (task: GraphTask, functionArn: string, { run, task: named, input }: Given): State => ({
  ...invoke(functionArn, {
    run,
    task: {
      id: task.id,
      ...named,
      attempt: embed('$states.context.State.RetryCount + 1'),
      ...(task.callback && { token: embed('$states.context.Task.Token') }),
      ...(task.sensor && { sensor: waiting(task.sensor) }),
    },
    input,
  }),
  ...(task.callback && {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    TimeoutSeconds: task.callback.timeoutSeconds,
    ...(task.callback.heartbeatSeconds !== null && { HeartbeatSeconds: task.callback.heartbeatSeconds }),
  }),
  Retry: retriesOf(task),
});

/** The state is entered once for all attempts. */
const waiting = ({ timeoutSeconds, softFail }: NonNullable<GraphTask['sensor']>) =>
  ({ since: embed('$states.context.State.EnteredTime'), timeoutSeconds, softFail }) satisfies Waiting;

export const leads = ({ statuses }: Placed, way: Way) => ({ Output: statuses.output(way.statuses), Next: way.to() });

/** The errors that skip a task. */
export const skips = ({ sensor }: GraphTask): string[] => [
  ERROR.skipped,
  ...(sensor?.softFail ? [ERROR.notReady] : []),
];

const catches = (task: GraphTask, placed: Placed) => [
  { ErrorEquals: skips(task), ...leads(placed, placed.skipped) },
  { ErrorEquals: ['States.ALL'], ...leads(placed, placed.failed) },
];

/** The answer to a callback task's token is the output as it is; a Lambda's is wrapped. */
const outputOf = ({ callback, job }: GraphTask): string =>
  job ? jobOutput(job) : embed(callback ? '$states.result' : '$states.result.Payload');

const worked = (task: GraphTask, placed: Placed & { listed: readonly ListPointer[] }): State =>
  task.job
    ? jobState({ ...task, job: task.job }, placed)
    : invokeFor(task, placed.functionArn, {
        run: embed('$run'),
        task: placed.listed.length > 0 ? { listed: placed.listed } : {},
        input: template(task.input, placed.read),
      });

/** @param listed the lists in its output that distributed Maps read from the ledger */
export const taskState = (task: GraphTask, placed: Placed & { listed: readonly ListPointer[] }): State => ({
  ...worked(task, placed),
  Catch: catches(task, placed),
  ...(placed.variable && { Assign: { [placed.variable]: outputOf(task) } }),
  ...leads(placed, placed.success),
});

export const passState = ({ to, statuses }: Way, written: Statuses): State => ({
  Type: 'Pass',
  Output: written.output(statuses),
  Next: to(),
});

/**
 * What a Choice asks, and where the answers lead; the last of them is what is left. That is a rule too, not `Default`
 * with the state's own `Output`: LocalStack's engine gives that output also where a rule leads to the same state.
 */
export const choiceState = (asked: readonly { condition: string; way: Way }[], written: Statuses): State => ({
  Type: 'Choice',
  Choices: asked.map(({ condition, way: { to, statuses } }, index) => ({
    Condition: embed(index === asked.length - 1 ? 'true' : condition),
    ...(statuses.length > 0 && { Output: written.output(statuses) }),
    Next: to(),
  })),
});

/** A task whose output is in no ledger while its run goes on: what carries it out answers to Step Functions alone. */
export const isNative = ({ callback, job, map }: GraphTask): boolean => !map && (callback !== null || job !== null);

export const againName = ({ id }: GraphTask): string => `${id} again?`;

/** In front of a native task: whether it runs, or a rerun takes what it came to before. */
export const againState = ({ id }: GraphTask, placed: Placed): State => {
  const { success, skipped, failed, variable } = placed;
  const [output, kept] = [`$lookup($reused, ${literal(id)})`, `$lookup($run.kept, ${literal(id)})`];
  const reuse = { Condition: embed(`$exists(${output})`), ...leads(placed, success) };
  return {
    Type: 'Choice',
    Choices: [
      { ...reuse, ...(variable && { Assign: { [variable]: embed(output) } }) },
      { Condition: embed(`${kept} = "skipped"`), ...leads(placed, skipped) },
      { Condition: embed(`$exists(${kept})`), ...leads(placed, failed) },
      { Condition: embed('true'), Next: id },
    ],
  };
};

export interface Branch extends States {
  readonly end: string;
  /** The state in which a failure ends the run, where one leads there. */
  readonly stop: string | undefined;
  /** Those of its tasks whose outputs are taken behind the fork, with their variables. */
  readonly leaving: ReadonlyMap<string, string>;
  readonly tasks: readonly GraphTask[];
}

interface ForkParts {
  readonly branches: readonly Branch[];
  /** Tasks before the fork whose statuses are asked for in it. */
  readonly asked: readonly string[];
  readonly assign: Readonly<Record<string, string>>;
  readonly way: Way;
  readonly statuses: Statuses;
  readonly stop: (() => string) | undefined;
}

/** The end of a run, or of a branch that ends the run: its cause says what became of the tasks. */
export const failState: State = { Type: 'Fail', Error: ERROR.runFailed, Cause: embed('$string($states.input)') };

/** A branch is given the statuses that it asks for, and gives its own. */
export const forkState = ({ branches, asked, assign, way, statuses, stop }: ForkParts): State => ({
  Type: 'Parallel',
  Arguments: asked.length > 0 ? embed(given(asked)) : {},
  Branches: branches.map((branch) => ({
    StartAt: branch.StartAt,
    States: {
      ...branch.States,
      [branch.end]: endOfBranch(branch, asked.length > 0),
      ...(branch.stop !== undefined && { [branch.stop]: failState }),
    },
  })),
  ...(branches.some((branch) => branch.stop) && stop && { Catch: [stopped(stop())] }),
  ...(Object.keys(assign).length > 0 && { Assign: assign }),
  Output: statuses.output(way.statuses, '$states.result.statuses'),
  Next: way.to(),
});

/** A branch that ends the run tells in its cause what it knows; what the others know is lost. */
const stopped = (Next: string) => ({
  ErrorEquals: [ERROR.runFailed],
  Output: embed('$merge([$states.input, $parse($states.errorOutput.Cause)])'),
  Next,
});

/** A branch cannot assign what is read outside of it, so its outputs leave with the statuses. */
const endOfBranch = ({ tasks, leaving }: Branch, isGivenMore: boolean): State => {
  const outputs = [...leaving].map(([id, variable]) => `${literal(id)}: $${variable}`);
  return {
    Type: 'Succeed',
    Output: {
      statuses: embed(isGivenMore ? given(tasks.map(({ id }) => id)) : '$states.input'),
      ...(outputs.length > 0 && { outputs: embed(`{${outputs.join(', ')}}`) }),
    },
  };
};

/** Those of the statuses. Of none of them, `$sift` alone would give nothing rather than an empty object. */
const given = (ids: readonly string[]): string =>
  `$merge([$sift($states.input, function($v, $k) { $k in [${ids.map(literal).join(', ')}] })])`;

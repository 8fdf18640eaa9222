/** Runs a compiled machine on the interpreter, on virtual time, with answers that are fixed beforehand. */
import type { StateMachine } from '#lib/asl/index.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { StepFunctions, type Task, VirtualClock } from '#local/stepfunctions/index.ts';

/** How a call of a task's function ends: with an output, or with an error that is not retried. */
export type Answer = { readonly output: unknown } | { readonly error: string; readonly cause: string };

export interface Answers {
  /** The run, as begin gives it. */
  readonly begin: Run;
  /** By the task's id. Of a mapped task by the item's index; further items end as the last one. */
  readonly tasks: Readonly<Record<string, readonly Answer[]>>;
  /** What distributed Maps read from S3, by `<bucket>/<key>`. */
  readonly objects: Readonly<Record<string, unknown>>;
}

export interface Simulated {
  readonly run: 'success' | 'failed';
  readonly tasks: Readonly<Record<string, TaskStatus>>;
}

const NAME = 'simulated';

export async function simulate(machine: StateMachine, answers: Answers): Promise<Simulated> {
  const stepFunctions = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    clock: new VirtualClock(new Date(answers.begin.dataInterval.end)),
    objects: {
      get: async (bucket, key) => Buffer.from(JSON.stringify(answers.objects[`${bucket}/${key}`])),
      list: async () => [],
      put: async () => {},
    },
    invoke: async (task) => {
      const { token } = taskOf(task) ?? {};
      const output = outputOf(task, answers);
      if (token !== undefined) SendTaskSuccess({ taskToken: token, output: JSON.stringify(output) });
      // A service answers of a job with what it knows; a function's answer is wrapped.
      return isFunction(task) ? { Payload: output } : output;
    },
  });
  const { CreateStateMachine, StartExecution, SendTaskSuccess } = stepFunctions.operations;
  const definition = JSON.stringify(machine);
  const { stateMachineArn } = CreateStateMachine({
    name: NAME,
    definition,
    roleArn: 'arn:aws:iam::000000000000:role/x',
  });
  const { executionArn } = StartExecution({ stateMachineArn, input: '{}' });
  const { status, output = '{}', error, cause = '{}' } = await stepFunctions.finished(executionArn);
  if (status === 'SUCCEEDED') return { run: 'success', tasks: inOrder(answers, JSON.parse(output)) };
  if (error === ERROR.runFailed) return { run: 'failed', tasks: inOrder(answers, JSON.parse(cause)) };
  throw new Error(`The simulated execution ended as ${status} with ${error}: ${cause}`);
}

/** In the order of the graph, and not in that in which they ended. */
const inOrder = ({ tasks }: Answers, statuses: Simulated['tasks']): Simulated['tasks'] =>
  Object.fromEntries(Object.keys(tasks).map((id) => [id, statuses[id] as TaskStatus]));

/** What a function is given; begin is not given a task, and only a callback task a token. */
interface Payload {
  readonly task?: { readonly id: string; readonly index?: number; readonly token?: string };
}
const isFunction = ({ resource }: Task): boolean => resource.includes(':lambda:');

/** A job's state bears its task's id. */
const taskOf = (called: Task): Payload['task'] =>
  isFunction(called) ? (called.arguments as unknown as { Payload: Payload }).Payload.task : { id: called.stateName };

function outputOf(called: Task, { begin, tasks }: Answers): unknown {
  const task = taskOf(called);
  if (!task) return begin;
  const answer = tasks[task.id]?.[task.index ?? 0] ?? tasks[task.id]?.at(-1);
  if (!answer) throw new Error(`The simulation has no answer of the task '${task.id}'.`);
  if ('error' in answer) throw answer;
  return answer.output;
}

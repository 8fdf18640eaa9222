import type { Activation } from '../activation/activation.ts';
import type { Callback } from '../activation/callback.ts';
import { withinLimits } from '../activation/deadline.ts';
import type { Frame } from '../activation/frame.ts';
import type { Task } from '../activation/invoke.ts';
import type { TaskState } from '../definition/machine.ts';
import { Aborted, StateFailure, TaskFailure } from '../errors.ts';
import { bytesOf, type Json, type Written } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Behaviour } from './behaviour.ts';
import { type TaskEvents, type TaskLimits, taskEvents } from './task-events.ts';

const FOR_TOKEN = '.waitForTaskToken';

/** One attempt's work: what it gets, until when, and whose token it waits for. */
interface Work {
  taskArguments: Written;
  limits: TaskLimits;
  events: TaskEvents;
  callback: Callback | undefined;
}

export const task: Behaviour<TaskState> = {
  abortable: true,
  async run(activation) {
    const { frame, state } = activation;
    const { openCallback, context } = frame.execution;
    const callback = state.Resource.endsWith(FOR_TOKEN) ? openCallback(String(context.Execution['Id'])) : undefined;
    activation.taskToken = callback?.token;
    try {
      const result = await attempt(activation, callback);
      return await activation.complete(state, { result: result.value, fallback: result, next: state.Next });
    } finally {
      callback?.close();
    }
  },
};

async function attempt(activation: Activation<TaskState>, callback: Callback | undefined): Promise<Written> {
  const { frame, state, given } = activation;
  const taskArguments = state.Arguments === undefined ? given : await activation.payload(state.Arguments, 'Arguments');
  const limits = await limitsOf(activation);
  const events = taskEvents(state.Resource, frame.execution.region);
  frame.record(`${events.prefix}Scheduled`, events.scheduled(taskArguments.json, limits));
  frame.record(`${events.prefix}Started`, events.started());
  const result = await carryOut(activation, { taskArguments, limits, events, callback }).catch((error: unknown) => {
    throw error instanceof Aborted ? error : recordFailure(frame, events, failureFrom(error));
  });
  frame.record(`${events.prefix}Succeeded`, events.succeeded(result.json));
  return result;
}

function recordFailure(frame: Frame, events: TaskEvents, failure: StateFailure): StateFailure {
  const timedOut = failure.error === 'States.Timeout';
  const ending = timedOut ? 'TimedOut' : 'Failed';
  frame.record(`${events.prefix}${ending}`, timedOut ? events.timedOut(failure) : events.failed(failure));
  return failure;
}

async function limitsOf(activation: Activation<TaskState>): Promise<TaskLimits> {
  const timeoutInSeconds = await activation.integer('TimeoutSeconds', [1, LIMITS.seconds]);
  const heartbeatInSeconds = await activation.integer('HeartbeatSeconds', [1, LIMITS.seconds]);
  return {
    ...(timeoutInSeconds !== undefined && { timeoutInSeconds }),
    ...(heartbeatInSeconds !== undefined && { heartbeatInSeconds }),
  };
}

async function carryOut(activation: Activation<TaskState>, work: Work): Promise<Written> {
  const { frame, state } = activation;
  const { timeoutInSeconds: timeoutSeconds, heartbeatInSeconds: heartbeatSeconds } = work.limits;
  const { clock } = frame.execution;
  const result = await withinLimits(
    { clock, signal: frame.signal, timeoutSeconds, heartbeatSeconds },
    async (signal, heartbeat) => workOn(activation, work, { signal, heartbeat }),
  );
  const json = JSON.stringify(result ?? null);
  if (bytesOf(json) > LIMITS.payloadBytes) throw activation.tooLarge(state.Resource, 'any');
  return { value: JSON.parse(json) as Json, json };
}

async function workOn(
  activation: Activation<TaskState>,
  { taskArguments, events, callback }: Work,
  { signal, heartbeat }: Pick<Task, 'signal' | 'heartbeat'>,
): Promise<unknown> {
  const { frame, name, state } = activation;
  const submitted = (output: unknown) => {
    if (!signal.aborted) frame.record(`${events.prefix}Submitted`, events.submitted(JSON.stringify(output ?? null)));
  };
  if (callback) callback.heartbeat = heartbeat;
  const result = await frame.execution.invoke({
    resource: callback ? state.Resource.slice(0, -FOR_TOKEN.length) : state.Resource,
    arguments: taskArguments.value,
    stateName: name,
    context: activation.context(),
    signal,
    heartbeat,
    submitted,
  });
  if (!callback) return result;
  submitted(result);
  return callback.answer;
}

/** What the integration threw, as a failure of the Task; causes are cut to the length that the API allows. */
function failureFrom(error: unknown): StateFailure {
  if (error instanceof StateFailure) return error;
  const { error: name, cause } = error as { error?: unknown; cause?: unknown };
  if (typeof name === 'string') return new TaskFailure(name, typeof cause === 'string' ? cut(cause) : undefined);
  return new TaskFailure('States.TaskFailed', cut(error instanceof Error ? error.message : String(error)));
}

const CAUSE_LENGTH = 32_768;
const cut = (text: string): string => text.slice(0, CAUSE_LENGTH);

import type { Activation } from '../activation/activation.ts';
import { withinLimits } from '../activation/deadline.ts';
import type { TaskState } from '../definition/machine.ts';
import { Aborted, StateFailure, TaskFailure } from '../errors.ts';
import { bytesOf, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Behaviour } from './behaviour.ts';
import { type TaskEvents, type TaskLimits, taskEvents } from './task-events.ts';

const TIMEOUTS = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

export const task: Behaviour<TaskState> = {
  abortable: true,
  async run(activation) {
    const { frame, state, input } = activation;
    const taskArguments =
      state.Arguments === undefined ? input : await activation.payload(state.Arguments, 'Arguments');
    const limits = await limitsOf(activation);
    const events = taskEvents(state.Resource, frame.execution.region);
    frame.record(`${events.prefix}Scheduled`, events.scheduled(JSON.stringify(taskArguments), limits));
    frame.record(`${events.prefix}Started`, events.started());
    const result = await attempt(activation, { taskArguments, limits, events });
    frame.record(`${events.prefix}Succeeded`, events.succeeded(JSON.stringify(result)));
    return activation.complete(state, { result, fallback: result, next: state.Next });
  },
};

async function limitsOf(activation: Activation<TaskState>): Promise<TaskLimits> {
  const timeoutInSeconds = await activation.integer('TimeoutSeconds', [1, LIMITS.seconds]);
  const heartbeatInSeconds = await activation.integer('HeartbeatSeconds', [1, LIMITS.seconds]);
  return {
    ...(timeoutInSeconds !== undefined && { timeoutInSeconds }),
    ...(heartbeatInSeconds !== undefined && { heartbeatInSeconds }),
  };
}

async function attempt(
  activation: Activation<TaskState>,
  { taskArguments, limits, events }: { taskArguments: Json; limits: TaskLimits; events: TaskEvents },
): Promise<Json> {
  const { frame } = activation;
  try {
    return await carryOut(activation, taskArguments, limits);
  } catch (error) {
    if (error instanceof Aborted) throw error;
    const failure = failureFrom(error);
    const timedOut = TIMEOUTS.has(failure.error ?? '');
    const ending = timedOut ? 'TimedOut' : 'Failed';
    frame.record(`${events.prefix}${ending}`, timedOut ? events.timedOut(failure) : events.failed(failure));
    throw failure;
  }
}

async function carryOut(activation: Activation<TaskState>, taskArguments: Json, limits: TaskLimits): Promise<Json> {
  const { frame, name, state } = activation;
  const { clock, invoke } = frame.execution;
  const result = await withinLimits(
    {
      clock,
      signal: frame.signal,
      timeoutSeconds: limits.timeoutInSeconds,
      heartbeatSeconds: limits.heartbeatInSeconds,
    },
    async (signal, heartbeat) =>
      invoke({
        resource: state.Resource,
        arguments: taskArguments,
        stateName: name,
        context: activation.context(),
        signal,
        heartbeat,
      }),
  );
  const json = JSON.stringify(result ?? null);
  if (bytesOf(json) > LIMITS.payloadBytes) throw activation.tooLarge(state.Resource, 'any');
  return JSON.parse(json) as Json;
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

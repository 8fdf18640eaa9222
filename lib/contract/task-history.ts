/** A Step Functions history read as what happened to tasks: for the command line and for the mail about a failure. */
import type { TaskOfRun } from './envelope.ts';
import { ERROR } from './error-names.ts';

/** What is read of an event of GetExecutionHistory (the SDK's `HistoryEvent` fits). */
export interface HistoryEvent {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp?: Date | undefined;
  readonly taskScheduledEventDetails?: { readonly parameters?: string | undefined } | undefined;
  readonly taskSucceededEventDetails?: { readonly output?: string | undefined } | undefined;
  readonly taskFailedEventDetails?: Failure | undefined;
  readonly taskTimedOutEventDetails?: Failure | undefined;
  readonly evaluationFailedEventDetails?: (Failure & { readonly state?: string | undefined }) | undefined;
}
interface Failure {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** One try of a task: an attempt as Step Functions saw it. */
export interface Try {
  readonly task: string;
  /** Of a mapped task's item. */
  readonly index?: number | undefined;
  /** 1 for the first. */
  readonly attempt: number;
  /** The name of the Lambda function that carried it out; empty where it came to none. */
  readonly functionName: string;
  readonly startedAt: Date;
  endedAt?: Date;
  /** `waiting`: a sensor's look that found nothing. */
  state: 'running' | 'success' | 'skipped' | 'failed' | 'waiting';
  /** The try is a sensor's look. */
  readonly isLook?: true;
  /** The task's output. */
  output?: unknown;
  error?: string;
  /** The message of the Lambda's error where it gave one, otherwise Step Functions' cause. */
  cause?: string;
}

/** The tries of a history's tasks in the order in which they began. The states of begin are not among them. */
export function triesOf(events: Iterable<HistoryEvent>): Try[] {
  const byEvent = new Map<number, Try>();
  const tries: Try[] = [];
  for (const event of events) {
    const begun = scheduled(event) ?? notEvaluated(event);
    if (begun) tries.push(begun);
    const of = begun ?? byEvent.get(event.previousEventId ?? -1);
    if (of?.state !== 'running' || event.id === undefined) continue;
    byEvent.set(event.id, of);
    end(of, event);
  }
  return tries;
}

/** The tries of a history's tasks that failed, as far as nothing followed them. A sensor that waits has not failed. */
export function failuresOf(events: Iterable<HistoryEvent>): Try[] {
  const last = new Map(triesOf(events).map((one) => [`${one.task}/${one.index ?? ''}`, one]));
  return [...last.values()].filter(({ state }) => state === 'failed');
}

interface Parameters {
  readonly FunctionName?: string;
  readonly Payload?: { readonly task?: Partial<TaskOfRun> };
}

function scheduled({ taskScheduledEventDetails: details, timestamp = new Date(0) }: HistoryEvent): Try | undefined {
  const { FunctionName = '', Payload } = (parsed(details?.parameters) ?? {}) as Parameters;
  const task = Payload?.task;
  if (typeof task?.id !== 'string') return undefined;
  // An ARN is arn:aws:lambda:<region>:<account>:function:<name>[:<version>].
  const functionName = FunctionName.split(':')[6] ?? FunctionName;
  const { id, index, attempt = 1, sensor } = task;
  const look = sensor && { isLook: true as const };
  return { task: id, index, attempt, functionName, startedAt: timestamp, state: 'running', ...look };
}

/** A state's own expression failed, so that no function was invoked: a list longer than its limit, say. */
function notEvaluated({
  evaluationFailedEventDetails: failure,
  timestamp = new Date(0),
}: HistoryEvent): Try | undefined {
  if (!failure) return undefined;
  const { state: task = '', error = 'States.QueryEvaluationError', cause = '' } = failure;
  return {
    task,
    attempt: 1,
    functionName: '',
    startedAt: timestamp,
    endedAt: timestamp,
    state: 'failed',
    error,
    cause,
  };
}

const NO_FAILURE: Readonly<Record<string, Try['state']>> = { [ERROR.skipped]: 'skipped', [ERROR.notReady]: 'waiting' };

function end(of: Try, event: HistoryEvent): void {
  const failure = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails;
  if (!failure && !event.taskSucceededEventDetails) return;
  of.endedAt = event.timestamp ?? new Date(0);
  of.state = failure ? (NO_FAILURE[failure.error ?? ''] ?? 'failed') : 'success';
  if (!failure) {
    of.output = (parsed(event.taskSucceededEventDetails?.output) as { Payload?: unknown } | undefined)?.Payload;
    return;
  }
  of.error = failure.error ?? 'States.TaskFailed';
  of.cause = messageOf(failure.cause ?? '');
}

/** The message in a cause that is the error of a Lambda; any other cause as it is. */
export function messageOf(cause: string): string {
  const { errorMessage } = (parsed(cause) ?? {}) as { errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : cause;
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A Step Functions history read as what happened to tasks: for the command line and for the mail about a failure. */
import { ERROR } from './error-names.ts';

/** What is read of an event of GetExecutionHistory (the SDK's `HistoryEvent` fits). */
export interface HistoryEvent {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp?: Date | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: string | undefined } | undefined;
  readonly mapRunStartedEventDetails?: { readonly mapRunArn?: string | undefined } | undefined;
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
  state: 'running' | 'success' | 'skipped' | 'failed';
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

/** A distributed Map's start, in the history of its run: what its items do is told elsewhere. */
export interface MapRunStart {
  readonly task: string;
  readonly mapRunArn: string;
  readonly startedAt: Date;
}

export function mapRunsOf(events: Iterable<HistoryEvent>): MapRunStart[] {
  const states = new Map<number, string>();
  const found: MapRunStart[] = [];
  for (const { id = 0, previousEventId = 0, timestamp = new Date(0), ...event } of events) {
    const task = event.stateEnteredEventDetails?.name ?? states.get(previousEventId);
    if (task === undefined) continue;
    states.set(id, task);
    const mapRunArn = event.mapRunStartedEventDetails?.mapRunArn;
    if (mapRunArn !== undefined) found.push({ task, mapRunArn, startedAt: timestamp });
  }
  return found;
}

interface Parameters {
  readonly FunctionName?: string;
  readonly Payload?: { readonly task?: { readonly id?: string; readonly index?: number; readonly attempt?: number } };
}

function scheduled({ taskScheduledEventDetails: details, timestamp = new Date(0) }: HistoryEvent): Try | undefined {
  const { FunctionName = '', Payload } = (parsed(details?.parameters) ?? {}) as Parameters;
  const task = Payload?.task;
  if (typeof task?.id !== 'string') return undefined;
  // An ARN is arn:aws:lambda:<region>:<account>:function:<name>[:<version>].
  const functionName = FunctionName.split(':')[6] ?? FunctionName;
  const { id, index, attempt = 1 } = task;
  return { task: id, index, attempt, functionName, startedAt: timestamp, state: 'running' };
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

function end(of: Try, event: HistoryEvent): void {
  const failure = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails;
  if (!failure && !event.taskSucceededEventDetails) return;
  of.endedAt = event.timestamp ?? new Date(0);
  of.state = failure ? 'failed' : 'success';
  if (failure?.error === ERROR.skipped) of.state = 'skipped';
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

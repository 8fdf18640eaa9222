/** A Step Functions history read as what happened to tasks: for the command line and for the mail about a failure. */
import type { TaskOfRun } from '../contract/envelope.ts';
import { ERROR } from '../contract/error-names.ts';
import { type TaskStatus, taskStatus } from '../contract/task-status.ts';

/** What is read of an event of GetExecutionHistory (the SDK's `HistoryEvent` fits). */
export interface HistoryEvent {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp?: Date | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: string | undefined } | undefined;
  readonly stateExitedEventDetails?:
    | { readonly name?: string | undefined; readonly output?: string | undefined }
    | undefined;
  readonly mapRunStartedEventDetails?: { readonly mapRunArn?: string | undefined } | undefined;
  readonly mapRunFailedEventDetails?: object | undefined;
  readonly taskScheduledEventDetails?: { readonly parameters?: string | undefined } | undefined;
  readonly taskSubmittedEventDetails?: object | undefined;
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
  /** Of a callback task, from when its question is asked until it ends: what the answer must carry. */
  token?: string;
  /** The task's output. */
  output?: unknown;
  error?: string;
  /** The message of the Lambda's error where it gave one, otherwise Step Functions' cause. */
  cause?: string;
  /** It failed, and its state was left: it is not tried again. */
  isFinal?: true;
}

/** The tries of a history's tasks in the order in which they began. The states of begin are not among them. */
export function triesOf(events: Iterable<HistoryEvent>): Try[] {
  const byEvent = new Map<number, Begun>();
  const stateOf = statesOf();
  const tries: Try[] = [];
  for (const event of events) {
    const state = stateOf(event);
    const begun = scheduled(event) ?? handedOver(event, state, tries) ?? notEvaluated(event);
    if (begun) tries.push(begun.of);
    const found = begun ?? byEvent.get(event.previousEventId ?? -1);
    if (found) follow(found, event);
    if (found?.of.state !== 'running' || event.id === undefined) continue;
    byEvent.set(event.id, found);
    end(found, event);
  }
  return tries;
}

/** The tries of a history's tasks that failed, as far as nothing followed them. A sensor that waits has not failed. */
export function failuresOf(events: Iterable<HistoryEvent>): Try[] {
  const last = new Map(triesOf(events).map((one) => [`${one.task}/${one.index ?? ''}`, one]));
  return [...last.values()].filter(({ state }) => state === 'failed');
}

/** The states that a history's execution has left, in order. A task's state bears its id. */
export const leftStatesOf = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap(({ stateExitedEventDetails: state }) => state?.name ?? []);

/** What states said of their tasks as they were left: a state bears its task's id, and gives the statuses on. */
export function exitStatusesOf(events: readonly HistoryEvent[]): Map<string, TaskStatus> {
  return new Map(
    events.flatMap(({ stateExitedEventDetails: { name = '', output } = {} }) => {
      const status = taskStatus.safeParse((parsed(output) as Readonly<Record<string, unknown>> | undefined)?.[name]);
      return status.success ? [[name, status.data] as const] : [];
    }),
  );
}

/** A distributed Map's start, in the history of its run: what its items do is told elsewhere. */
export interface MapRunStart {
  readonly task: string;
  readonly mapRunArn: string;
  readonly startedAt: Date;
}

export function mapRunsOf(events: Iterable<HistoryEvent>): MapRunStart[] {
  const stateOf = statesOf();
  return [...events].flatMap((event) => {
    const task = stateOf(event);
    const mapRunArn = event.mapRunStartedEventDetails?.mapRunArn;
    return task === undefined || mapRunArn === undefined
      ? []
      : [{ task, mapRunArn, startedAt: event.timestamp ?? new Date(0) }];
  });
}

/**
 * What became of the tasks that began, by the history of an execution that ended without saying so (it was stopped, or
 * its time was up): one that had not ended by then has failed.
 */
export function statusesOf(events: readonly HistoryEvent[]): Map<string, TaskStatus> {
  const left = new Set(leftStatesOf(events));
  const stateOf = statesOf();
  const failedMaps = new Set(events.map((event) => [event, stateOf(event)] as const).map(ofFailedMap));
  const isWhole = (task: string) => left.has(task) && !failedMaps.has(task);
  const maps = mapRunsOf(events).map(({ task }) => [task, isWhole(task) ? 'success' : 'failed'] as const);
  const tasks = [...Map.groupBy(triesOf(events), ({ task }) => task)].map(
    ([task, tries]) => [task, statusOf(tries, left.has(task))] as const,
  );
  return new Map([...maps, ...tasks, ...exitStatusesOf(events)]);
}

const ofFailedMap = ([{ mapRunFailedEventDetails: failure }, state]: readonly [HistoryEvent, string | undefined]) =>
  failure && state;

function statusOf(tries: readonly Try[], isLeft: boolean): TaskStatus {
  const lasts = [...new Map(tries.map((one) => [one.index, one])).values()];
  const isOpen = lasts.some(({ index }) => index !== undefined) && !isLeft;
  if (isOpen || lasts.some(({ state }) => state !== 'success' && state !== 'skipped')) return 'failed';
  return lasts.some(({ state }) => state === 'success') ? 'success' : 'skipped';
}

/** Gives the state that an event is of, for each event of a history in order. */
function statesOf(): (event: HistoryEvent) => string | undefined {
  const states = new Map<number, string | undefined>();
  return ({ id = -1, previousEventId = -1, stateEnteredEventDetails: entered }) => {
    const state = entered?.name ?? states.get(previousEventId);
    states.set(id, state);
    return state;
  };
}

interface Begun {
  readonly of: Try;
  /** Of a callback task. */
  readonly token?: string | undefined;
}

interface Parameters {
  readonly FunctionName?: string;
  readonly Payload?: { readonly task?: Partial<TaskOfRun> };
}

const parametersOf = (details: HistoryEvent['taskScheduledEventDetails']): Parameters =>
  (parsed(details?.parameters) ?? {}) as Parameters;

function scheduled({ taskScheduledEventDetails: details, timestamp = new Date(0) }: HistoryEvent): Begun | undefined {
  const { FunctionName = '', Payload } = parametersOf(details);
  const task = Payload?.task;
  if (typeof task?.id !== 'string') return undefined;
  // An ARN is arn:aws:lambda:<region>:<account>:function:<name>[:<version>].
  const functionName = FunctionName.split(':')[6] ?? FunctionName;
  const { id, index, attempt = 1, sensor, token } = task;
  const look = sensor && { isLook: true as const };
  return { of: { task: id, index, attempt, functionName, startedAt: timestamp, state: 'running', ...look }, token };
}

/** A job, which no function carries out: its state bears the task's id. */
function handedOver(
  { taskScheduledEventDetails: details, timestamp = new Date(0) }: HistoryEvent,
  task: string | undefined,
  before: readonly Try[],
): Begun | undefined {
  if (!details || task === undefined || parametersOf(details).FunctionName !== undefined) return undefined;
  const attempt = before.filter((one) => one.task === task).length + 1;
  return { of: { task, attempt, functionName: '', startedAt: timestamp, state: 'running' } };
}

/** A state's own expression failed, so that no function was invoked: a list longer than its limit, say. */
function notEvaluated({
  evaluationFailedEventDetails: failure,
  timestamp = new Date(0),
}: HistoryEvent): Begun | undefined {
  if (!failure) return undefined;
  const { state: task = '', error = 'States.QueryEvaluationError', cause = '' } = failure;
  const at = { startedAt: timestamp, endedAt: timestamp };
  return { of: { task, attempt: 1, functionName: '', ...at, state: 'failed', error, cause } };
}

const NO_FAILURE: Readonly<Record<string, Try['state']>> = { [ERROR.skipped]: 'skipped', [ERROR.notReady]: 'waiting' };

function follow(
  { of, token }: Begun,
  { taskSubmittedEventDetails: asked, stateExitedEventDetails: left }: HistoryEvent,
) {
  if (asked && token !== undefined) of.token = token;
  // What follows a failure is a retry, or that its state is left.
  if (left && of.state === 'failed') of.isFinal = true;
}

function end({ of, token }: Begun, event: HistoryEvent): void {
  const failure = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails;
  if (!failure && !event.taskSucceededEventDetails) return;
  of.endedAt = event.timestamp ?? new Date(0);
  delete of.token;
  of.state = failure ? (NO_FAILURE[failure.error ?? ''] ?? 'failed') : 'success';
  if (!failure) {
    const output = parsed(event.taskSucceededEventDetails?.output);
    // The answer to a token is the output as it is; a Lambda's is wrapped.
    of.output = token === undefined ? (output as { Payload?: unknown } | undefined)?.Payload : output;
    return;
  }
  of.error = failure.error ?? 'States.TaskFailed';
  of.cause = causeOf(failure, token);
}

/** Of a time that ran out Step Functions tells none. */
function causeOf({ error, cause }: Failure, token: string | undefined): string {
  if (cause) return messageOf(cause);
  if (error === 'States.HeartbeatTimeout') return 'No sign of life came within its heartbeat.';
  if (error !== 'States.Timeout') return '';
  return token === undefined ? 'It did not end within its timeout.' : 'No answer came within its timeout.';
}

/** The message in a cause that is the error of a Lambda, or the end of an execution that failed; any other as it is. */
export function messageOf(cause: string): string {
  const told = (parsed(cause) ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof told['errorMessage'] === 'string') return told['errorMessage'];
  if (typeof told['ExecutionArn'] !== 'string') return cause;
  const why = typeof told['Error'] === 'string' ? `: ${told['Error']}: ${messageOf(`${told['Cause'] ?? ''}`)}` : '';
  return `The execution ${told['ExecutionArn']} ended with ${told['Status']}${why}`;
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

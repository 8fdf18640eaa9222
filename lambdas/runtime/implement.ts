/** The Lambda of a task type: the contract that the DAG was checked against, parsed on this side too. */
import * as z from 'zod';
import { type TaskEvent, taskEvent } from '#lib/contract/envelope.ts';
import { NotReady, named, Skipped, Terminal } from '#lib/contract/errors.ts';
import { withListed } from '#lib/contract/listed.ts';
import { problems } from '#lib/contract/problems.ts';
import type { TaskType } from '#lib/contract/task-type.ts';
import { ledgerKey } from '#lib/runs/keys.ts';
import { carryItemOver, recall, settle, settleSkip, type TaskResult, withMapped } from '#lib/runs/ledger.ts';
import { testStore } from '#lib/runs/test-store.ts';
import { type Connections, secretConnections } from './connections.ts';
import { type Logger, logger } from './log.ts';
import { afterLook } from './look.ts';
import { masking } from './masking.ts';
import { showOrigin } from './origin.ts';
import { checkSize } from './output-limit.ts';
import { openServices, type Services } from './services.ts';

/** What a task's work gets beside its input. */
export interface TaskContext extends Pick<TaskEvent, 'run' | 'task'>, Services {
  readonly log: Logger;
  /** Of this attempt. */
  readonly connections: Connections;
  /** Milliseconds until Lambda ends the attempt. */
  readonly remaining: () => number;
}

/** What Lambda tells of an invocation, as far as it is used. Without it (in tests) time does not end. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
}
const ENDLESS: Invocation = { getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY };

type Work<I extends z.ZodObject, O> = (input: z.output<I>, context: TaskContext) => Promise<O>;

let opened: Services | undefined;
const ofProcess = (): Services => {
  opened ??= openServices();
  return opened;
};

/**
 * The handler of a task type. An attempt whose task has a result in the run's ledger gives that result and does
 * nothing else; otherwise it works, and its output is the result once the ledger holds it. Lists that the machine reads
 * from there (`task.listed`) it leaves out of what it gives.
 *
 * What is thrown leaves the Lambda under a name of the closed list, without values of secrets; of what nobody foresaw,
 * the message names file and line.
 *
 * @example
 * export const handler = implement(countRows, async ({ table }, { log }) => ({ rows: await count(table, log) }));
 */
export function implement<I extends z.ZodObject, O extends z.ZodType>(
  { type }: { readonly type: TaskType<I, O, 'task' | 'sensor'> },
  work: Work<I, z.input<O>>,
  services: () => Services = ofProcess,
) {
  return handlerOf(async (input, context) => (await attempt({ type, work, input }, context)) as z.output<O>, services);
}

/** What the work of a callback task gets besides. */
export interface CallbackContext extends TaskContext {
  /** What the answer must carry. A task that is tried again has another. */
  readonly token: string;
}

/**
 * The handler of a task type of kind `callback`: its work hands the token on and returns. The answer goes to the state
 * machine alone, so the ledger holds no result, and each attempt asks anew.
 *
 * @example
 * export const handler = implementCallback(ask, async ({ question }, { token }) => send(question, token));
 */
export function implementCallback<I extends z.ZodObject>(
  { type }: { readonly type: TaskType<I, z.ZodType, 'callback'> },
  work: (input: z.output<I>, context: CallbackContext) => Promise<void>,
  services: () => Services = ofProcess,
) {
  return handlerOf(async (input, context) => {
    const { token } = context.task;
    if (token === undefined) throw new Terminal(`Task '${context.task.id}' (${type.name}) was given no token.`);
    await work(await begun(type, input, context), { ...context, token });
    context.log.info('the question is asked');
  }, services);
}

/** Around the work on an event: what it needs, its log, and how its error leaves. */
function handlerOf<T>(work: (input: unknown, context: TaskContext) => Promise<T>, services: () => Services) {
  return async (event: unknown, invocation: Invocation = ENDLESS): Promise<T> => {
    try {
      const remaining = () => invocation.getRemainingTimeInMillis();
      const { run, task, input } = parse(taskEvent, event, 'The event of the task');
      const keys = { pipeline: run.dagId, run: run.runId, task: task.id, attempt: task.attempt };
      const { awsRequestId: requestId } = invocation;
      const log = logger({
        ...keys,
        ...(task.index !== undefined && { index: task.index }),
        ...(requestId !== undefined && { requestId }),
      });
      return await told({ log, task }, () => {
        const opened = servicesFor(task, services());
        const { SLUICE_CONNECTIONS: secrets, SLUICE_STACK: stack } = opened.environment;
        const connections = secretConnections({ secrets, sources: run.sources, stack });
        return work(input, { ...opened, connections, run, task, log, remaining });
      });
    } catch (error) {
      throw masking.error(named(error));
    }
  };
}

const servicesFor = ({ test }: TaskEvent['task'], services: Services): Services =>
  test ? { ...services, store: testStore(services.store) } : services;

/** Logs how an attempt ended that gave no result. To find nothing, or nothing to do, is no failure. */
async function told<T>({ log, task }: Pick<TaskContext, 'log' | 'task'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = afterLook(showOrigin(thrown), task, new Date());
    if (error instanceof NotReady) log.info('the look found nothing', { found: error.message });
    else if (error instanceof Skipped) log.info('the task is skipped', { reason: error.message });
    else log.error('the attempt failed', error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

interface Attempt<I extends z.ZodObject, O extends z.ZodType> {
  readonly type: TaskType<I, O>;
  readonly work: Work<I, z.input<O>>;
  readonly input: unknown;
}

async function attempt<I extends z.ZodObject, O extends z.ZodType>(
  { type, work, input }: Attempt<I, O>,
  context: TaskContext,
): Promise<unknown> {
  const { store, run, task, log, environment } = context;
  const given = (output: unknown): unknown =>
    withListed(output, task.listed ?? [], { bucket: environment.SLUICE_BUCKET, key: ledgerKey(run, task) });
  const earlier = await resultOf(type, context);
  if (earlier?.skipped !== undefined) throw new Skipped(earlier.skipped);
  if (earlier) {
    log.info('the task has a result already', { of: earlier.attempt });
    return given(earlier.output);
  }
  refuseToBegin(context);
  const taken = await begun(type, input, context);
  const worked = await work(taken, context).catch(async (error: unknown) => {
    if (error instanceof Skipped) await settleSkip(store, { run, task }, error.message);
    throw error;
  });
  const output = parse(type.output, worked, `The output of task '${task.id}' (${type.name})`);
  checkSize(given(output));
  const result = await settle(store, { run, task }, output);
  log.info('the attempt ends');
  return given(result);
}

/** The result of this clearing, or of an earlier one whose results count. One that does not fit any more is none. */
async function resultOf(
  type: Pick<TaskType<z.ZodObject, z.ZodType>, 'output'>,
  { store, run, task, log }: TaskContext,
): Promise<TaskResult | undefined> {
  const since = task.index === undefined ? undefined : run.items?.[task.id];
  const own = await recall(store, run, task);
  const found = own ?? (since === undefined ? undefined : await carryItemOver(store, run, { task, since }));
  const isAsSaid = found?.clearing === undefined || found.marked || found.skipped !== undefined;
  if (isAsSaid || z.safeParse(type.output, found.output).success) return found;
  log.info('the result of an earlier clearing does not fit any more', { of: found.clearing });
  return undefined;
}

/** A task that is not carried out again keeps what it came to. */
function refuseToBegin({ run, task }: TaskContext): void {
  const status = run.kept?.[task.id];
  if (status === undefined) return;
  const message = `Task '${task.id}' is not carried out again in this rerun: it stays ${status}.`;
  throw status === 'skipped' ? new Skipped(message) : new Terminal(`${message} Rerun it to change that.`);
}

async function begun<I extends z.ZodObject>(
  type: Pick<TaskType<I>, 'name' | 'input'>,
  input: unknown,
  { store, run, task, log }: TaskContext,
): Promise<z.output<I>> {
  const given = parse(type.input, await withMapped(store, run, input), `The input of task '${task.id}' (${type.name})`);
  log.info('the attempt begins', { type: type.name });
  return given;
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new Terminal(`${what} is wrong: ${problems(parsed.error)}.`, { cause: parsed.error });
}

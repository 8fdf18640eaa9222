/** The Lambda of a task type: the contract that the DAG was checked against, parsed on this side too. */
import * as z from 'zod';
import { type TaskEvent, taskEvent } from '#lib/contract/envelope.ts';
import { ledgerKey } from '#lib/contract/keys.ts';
import { withListed } from '#lib/contract/listed.ts';
import type { TaskType } from '#lib/contract/task-type.ts';
import { named, Terminal } from './errors.ts';
import { recall, settle, withMapped } from './ledger.ts';
import { type Logger, logger } from './log.ts';
import { masking } from './masking.ts';
import { checkSize } from './output-limit.ts';
import { problems } from './problems.ts';
import { openServices, type Services } from './services.ts';

/** What a task's work gets beside its input. */
export interface TaskContext extends Pick<TaskEvent, 'run' | 'task'>, Services {
  readonly log: Logger;
  /** Milliseconds until Lambda ends the attempt. */
  readonly remaining: () => number;
}

/** What Lambda tells of an invocation, as far as it is used. Without it (in tests) time does not end. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}
const ENDLESS: Invocation = { getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY };

type Work<I extends z.ZodObject, O extends z.ZodType> = (
  input: z.output<I>,
  context: TaskContext,
) => Promise<z.input<O>>;

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
 * What is thrown leaves the Lambda under a name of the closed list, without values of secrets.
 *
 * @example
 * export const handler = implement(countRows, async ({ table }, { log }) => ({ rows: await count(table, log) }));
 */
export function implement<I extends z.ZodObject, O extends z.ZodType>(
  { type }: { readonly type: TaskType<I, O> },
  work: Work<I, O>,
  services: () => Services = ofProcess,
) {
  return async (event: unknown, invocation: Invocation = ENDLESS): Promise<z.output<O>> => {
    try {
      const remaining = () => invocation.getRemainingTimeInMillis();
      const { run, task, input } = parse(taskEvent, event, 'The event of the task');
      const keys = { pipeline: run.dagId, run: run.runId, task: task.id, attempt: task.attempt };
      const log = logger(task.index === undefined ? keys : { ...keys, index: task.index });
      const context = { ...services(), run, task, log, remaining };
      return (await logged(log, () => attempt({ type, work, input }, context))) as z.output<O>;
    } catch (error) {
      throw masking.error(named(error));
    }
  };
}

async function logged<T>(log: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    log.error('the attempt failed', error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

interface Attempt<I extends z.ZodObject, O extends z.ZodType> {
  readonly type: TaskType<I, O>;
  readonly work: Work<I, O>;
  readonly input: unknown;
}

async function attempt<I extends z.ZodObject, O extends z.ZodType>(
  { type, work, input }: Attempt<I, O>,
  context: TaskContext,
): Promise<unknown> {
  const { store, run, task, log, environment } = context;
  const given = (output: unknown): unknown =>
    withListed(output, task.listed ?? [], { bucket: environment.SLUICE_BUCKET, key: ledgerKey(run, task) });
  const earlier = await recall(store, run, task);
  if (earlier) {
    log.info('the task has a result already', { of: earlier.attempt });
    return given(earlier.output);
  }
  const taken = parse(type.input, await withMapped(store, run, input), `The input of task '${task.id}' (${type.name})`);
  log.info('the attempt begins', { type: type.name });
  const output = parse(type.output, await work(taken, context), `The output of task '${task.id}' (${type.name})`);
  checkSize(given(output));
  const result = await settle(store, { run, task }, output);
  log.info('the attempt ends');
  return given(result);
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new Terminal(`${what} is wrong: ${problems(parsed.error)}.`, { cause: parsed.error });
}

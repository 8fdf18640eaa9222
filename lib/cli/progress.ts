/** A run as it goes: a line for each task that ends, each attempt that is tried again, and each sensor that waits. */
import * as z from 'zod';
import type { Try } from '#lib/contract/task-history.ts';
import type { Moment } from './execution.ts';

/** A task, all items of a mapped one together; or one attempt that failed; or a sensor's first look that found nothing. */
export interface TaskLine {
  readonly task: string;
  readonly state: 'success' | 'skipped' | 'failed' | 'retrying' | 'waiting';
  /** Of the item that failed. */
  readonly index?: number | undefined;
  /** How many items a mapped task had. */
  readonly items?: number;
  readonly attempt: number;
  /** Of a sensor: how often it has looked. */
  readonly looks?: number;
  readonly durationMs: number;
  readonly rows?: number;
  readonly bytes?: number;
  /** Of the rows, those that did not meet their table's declaration. */
  readonly quarantined?: number;
  /** A newer date is loaded, so nothing was changed. */
  readonly superseded?: true;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly functionName: string;
}

/** @returns a function that gives each moment's new lines */
export function progress(): (moment: Moment) => TaskLine[] {
  const told = new Set<string>();
  return ({ tries, left, end }) => {
    const byTask = Map.groupBy(tries, ({ task }) => task);
    const over = left.filter((state) => byTask.has(state));
    const retrying = tries.filter((one) => one.state === 'failed' && !(last(tries, one) && over.includes(one.task)));
    const ended = end ? [...byTask.keys()] : over;
    const waiting = [...byTask]
      .filter(([task]) => !ended.includes(task))
      .flatMap(([, own]) => own.find(isWaiting) ?? []);
    const lines = [
      ...waiting.map((one) => ({
        key: `${one.task}/waiting`,
        lines: [{ ...lineOfSensor([one]), state: 'waiting' as const }],
      })),
      ...retrying.map((one) => ({ key: keyOf(one), lines: [{ ...lineOf([one]), state: 'retrying' as const }] })),
      ...ended.map((task) => ({ key: task, lines: linesOf(byTask.get(task) ?? []) })),
    ].filter(({ key }) => !told.has(key));
    for (const { key } of lines) told.add(key);
    return lines.flatMap((one) => one.lines);
  };
}

/** The last tries of the tasks that run at a moment, and of the sensors that wait. */
export const going = ({ tries }: Moment): Try[] =>
  tries.filter((one) => one.state === 'running' || (isWaiting(one) && last(tries, one)));

const isWaiting = ({ state }: Try) => state === 'waiting';

const keyOf = ({ task, index, attempt }: Try) => `${task}/${index}/${attempt}`;
const sameItem = (a: Try, b: Try) => a.task === b.task && a.index === b.index;
const last = (tries: readonly Try[], one: Try) => tries.findLast((other) => sameItem(one, other)) === one;

/** A task that ended: its own line, before it those of its items that failed. */
function linesOf(tries: readonly Try[]): TaskLine[] {
  if (tries.some(({ isLook }) => isLook)) return [lineOfSensor(tries)];
  const lasts = tries.filter((one) => last(tries, one));
  const mapped = lasts.some(({ index }) => index !== undefined);
  const failed = lasts.filter(({ state }) => state === 'failed');
  if (!mapped) return [lineOf(lasts)];
  const { error, cause, index: _, ...whole } = lineOf(lasts);
  // The items that failed have said why.
  const why = failed.length === 0 && error !== undefined && { error, cause };
  return [...failed.map((one) => lineOf([one])), { ...whole, ...why, ...(mapped && { items: lasts.length }) }];
}

/** It takes as long as it waits. */
function lineOfSensor(looks: readonly Try[]): TaskLine {
  const [first, final] = [looks.at(0), looks.at(-1)] as [Try, Try];
  return { ...lineOf([final]), durationMs: endOf(final) - first.startedAt.getTime(), looks: final.attempt };
}

const counts = z.object({
  rows: z.number().optional().catch(undefined),
  bytes: z.number().optional().catch(undefined),
  quarantined: z.number().optional().catch(undefined),
  superseded: z.literal(true).optional().catch(undefined),
});

function lineOf(tries: readonly Try[]): TaskLine {
  const outputs = tries.flatMap(({ output }) => counts.safeParse(output).data ?? []);
  const failed = tries.find(({ state }) => state === 'failed');
  const [{ task, index, functionName }] = tries as [Try];
  return {
    task,
    functionName,
    // What had not ended when the run did came to nothing.
    state: failed ? 'failed' : tries.some(({ state }) => state === 'success') ? 'success' : 'skipped',
    ...(tries.length === 1 && index !== undefined && { index }),
    attempt: Math.max(...tries.map(({ attempt }) => attempt)),
    durationMs: Math.max(...tries.map(endOf)) - Math.min(...tries.map(({ startedAt }) => startedAt.getTime())),
    ...sum('rows', outputs),
    ...sum('bytes', outputs),
    ...sum('quarantined', outputs),
    ...(outputs.some(({ superseded }) => superseded) && { superseded: true as const }),
    ...(failed ? { error: failed.error, cause: failed.cause } : tries.length === 1 && reason(tries[0])),
  };
}

/** Why an attempt was skipped, or what a look found. */
const reason = (one: Try | undefined) => one?.cause !== undefined && { cause: one.cause };

const endOf = ({ startedAt, endedAt }: Try) => (endedAt ?? startedAt).getTime();

function sum(name: 'rows' | 'bytes' | 'quarantined', outputs: readonly z.output<typeof counts>[]) {
  const values = outputs.flatMap((output) => output[name] ?? []);
  return values.length > 0 ? { [name]: values.reduce((a, b) => a + b) } : {};
}

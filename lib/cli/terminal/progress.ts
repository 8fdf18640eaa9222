/** A run as it goes: a line for each task that ends, each attempt that is tried again, and each sensor that waits. */
import * as z from 'zod';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { Ended } from '#lib/runs/executions.ts';
import type { MapRun } from '#lib/runs/map-run.ts';
import type { Try } from '#lib/runs/task-history.ts';
import type { Moment } from '../deployment/execution.ts';

const unloaded = z.object({ table: z.string(), fields: z.number() });
type Unloaded = z.output<typeof unloaded>;

/** A task, all items of a mapped one together; or one attempt that failed; or a sensor's first look that found nothing. */
export interface TaskLine {
  readonly task: string;
  readonly state: 'success' | 'skipped' | 'failed' | 'retrying' | 'waiting';
  /** Of the item that failed. */
  readonly index?: number | undefined;
  /** How many items a mapped task had, and how many of them failed: each has a line, of a distributed one the first ten. */
  readonly items?: number;
  readonly failed?: number;
  readonly attempt: number;
  /** Of a sensor: how often it has looked. */
  readonly looks?: number;
  readonly durationMs: number;
  readonly rows?: number;
  readonly bytes?: number;
  /** Of the rows, those that did not meet their table's declaration. */
  readonly quarantined?: number;
  /** By table: how many fields of its records no column takes. */
  readonly unloaded?: readonly Unloaded[];
  /** A newer date is loaded, so nothing was changed. */
  readonly superseded?: true;
  /** The key of the report that it published. */
  readonly published?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly functionName: string;
}

/** @returns a function that gives each moment's new lines */
export function progress(): (moment: Moment) => TaskLine[] {
  const told = new Set<string>();
  return ({ tries: all, left, mapRuns, statuses, end }) => {
    const tries = end ? all.map((one) => (last(all, one) && !left.includes(one.task) ? cutOff(one, end) : one)) : all;
    const byTask = Map.groupBy(tries, ({ task }) => task);
    const byMap = new Map(mapRuns.filter(({ task }) => !byTask.has(task)).map((mapRun) => [mapRun.task, mapRun]));
    const over = left.filter((state) => byTask.has(state) || byMap.get(state)?.endedAt);
    const items = tries.filter(isFailedItem);
    const ended = end ? [...byTask.keys(), ...byMap.keys()] : over;
    const isFinal = (one: Try) => one.isFinal || (last(tries, one) && ended.includes(one.task));
    const retrying = tries.filter((one) => one.state === 'failed' && !isFinal(one));
    const waiting = [...byTask]
      .filter(([task]) => !ended.includes(task))
      .flatMap(([, own]) => own.find(isWaiting) ?? []);
    const linesOfTask = (task: string) => {
      const mapRun = byMap.get(task);
      const lines = mapRun ? linesOfMap(mapRun) : linesOf(byTask.get(task) ?? []);
      return lines.map((line) => (line.items === undefined ? line : ofStatus(line, statuses?.get(task))));
    };
    const lines = [
      ...waiting.map((one) => ({
        key: `${one.task}/waiting`,
        lines: [{ ...lineOfSensor([one]), state: 'waiting' as const }],
      })),
      ...retrying.map((one) => ({ key: keyOf(one), lines: [{ ...lineOf([one]), state: 'retrying' as const }] })),
      ...items.map((one) => ({ key: `${keyOf(one)}/failed`, lines: [lineOf([one])] })),
      ...ended.map((task) => ({ key: task, lines: linesOfTask(task) })),
    ].filter(({ key }) => !told.has(key));
    for (const { key } of lines) told.add(key);
    return lines.flatMap((one) => one.lines);
  };
}

/** What had not ended when its run did, a sensor that waited included, has failed. */
function cutOff(one: Try, { status, stoppedAt }: Ended): Try {
  if (one.state !== 'running' && one.state !== 'waiting') return one;
  const cause = `It had not ended when the run did.`;
  return { ...one, state: 'failed', error: status, cause, endedAt: new Date(stoppedAt) };
}

/** What goes on at a moment: tasks that run, sensors that wait, and how far maps are. */
export const going = ({ tries, mapRuns }: Moment): string[] => [
  ...new Set(
    tries
      .filter((one) => one.state === 'running' || (isWaiting(one) && last(tries, one)))
      .map(({ task, isLook }) => (isLook ? `${task} (waiting)` : task)),
  ),
  ...mapRuns
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ task, ended, items }) => `${task} (${ended} of ${items})`),
];

/** Of a mapped task, told while other items still run. */
const isFailedItem = ({ index, isFinal }: Try) => index !== undefined && isFinal === true;

const isWaiting = ({ state }: Try) => state === 'waiting';

const keyOf = ({ task, index, attempt }: Try) => `${task}/${index}/${attempt}`;
const sameItem = (a: Try, b: Try) => a.task === b.task && a.index === b.index;
const last = (tries: readonly Try[], one: Try) => tries.findLast((other) => sameItem(one, other)) === one;

/** A task that ended: its own line, before it those of its items that failed and were not told. */
function linesOf(tries: readonly Try[]): TaskLine[] {
  if (tries.some(({ isLook }) => isLook)) return [lineOfSensor(tries)];
  const lasts = tries.filter((one) => last(tries, one));
  const mapped = lasts.some(({ index }) => index !== undefined);
  const failed = lasts.filter(({ state }) => state === 'failed');
  if (!mapped) return [lineOf(lasts)];
  const { error, cause, index: _, ...whole } = lineOf(lasts);
  // The items that failed have said why.
  const why = failed.length === 0 && error !== undefined && { error, cause };
  const untold = failed.filter((one) => !isFailedItem(one));
  const counts = { items: lasts.length, ...(failed.length > 0 && { failed: failed.length }) };
  return [...untold.map((one) => lineOf([one])), { ...whole, ...why, ...(mapped && counts) }];
}

/** A mapped task does not fail by items that it tolerates. */
const ofStatus = (line: TaskLine, status: TaskStatus | undefined): TaskLine =>
  status === 'success' || status === 'skipped' ? { ...line, state: status } : line;

/** It takes as long as it waits. */
function lineOfSensor(looks: readonly Try[]): TaskLine {
  const [first, final] = [looks.at(0), looks.at(-1)] as [Try, Try];
  return { ...lineOf([final]), durationMs: endOf(final) - first.startedAt.getTime(), looks: final.attempt };
}

/** The same of a distributed Map. */
function linesOfMap({ task, startedAt, endedAt = startedAt, items, failed, failures, results }: MapRun): TaskLine[] {
  const isSkipped = items > 0 && results.length === 0;
  return [
    ...failures.map((one) => lineOf([one])),
    {
      task,
      functionName: '',
      state: failed > 0 ? 'failed' : isSkipped ? 'skipped' : 'success',
      attempt: Math.max(1, ...[...failures, ...results].map(({ attempt }) => attempt)),
      durationMs: endedAt.getTime() - startedAt.getTime(),
      ...figuresOf(results),
      items,
      ...(failed > 0 && { failed }),
    },
  ];
}

const counts = z.object({
  rows: z.number().optional().catch(undefined),
  bytes: z.number().optional().catch(undefined),
  quarantined: z.number().optional().catch(undefined),
  unloaded: unloaded.optional().catch(undefined),
  superseded: z.literal(true).optional().catch(undefined),
  published: z.string().optional().catch(undefined),
});

function lineOf(tries: readonly Try[]): TaskLine {
  const failed = tries.find(({ state }) => state === 'failed');
  const [{ task, index, functionName }] = tries as [Try];
  return {
    task,
    functionName,
    state: failed ? 'failed' : tries.some(({ state }) => state === 'success') ? 'success' : 'skipped',
    ...(tries.length === 1 && index !== undefined && { index }),
    attempt: Math.max(...tries.map(({ attempt }) => attempt)),
    durationMs: Math.max(...tries.map(endOf)) - Math.min(...tries.map(({ startedAt }) => startedAt.getTime())),
    ...figuresOf(tries),
    ...(failed ? { error: failed.error, cause: failed.cause } : tries.length === 1 && reason(tries[0])),
  };
}

/** The sums of what outputs tell. */
function figuresOf(of: readonly { readonly output?: unknown }[]) {
  const outputs = of.flatMap(({ output }) => counts.safeParse(output).data ?? []);
  const unloaded = outputs.flatMap((output) => output.unloaded ?? []);
  const published = outputs.find((output) => output.published !== undefined)?.published;
  return {
    ...sum('rows', outputs),
    ...sum('bytes', outputs),
    ...sum('quarantined', outputs),
    ...(unloaded.length > 0 && { unloaded }),
    ...(outputs.some(({ superseded }) => superseded) && { superseded: true as const }),
    ...(published !== undefined && { published }),
  };
}

/** Why an attempt was skipped, or what a look found. */
const reason = (one: Try | undefined) => one?.cause !== undefined && { cause: one.cause };

const endOf = ({ startedAt, endedAt }: Try) => (endedAt ?? startedAt).getTime();

function sum(name: 'rows' | 'bytes' | 'quarantined', outputs: readonly z.output<typeof counts>[]) {
  const values = outputs.flatMap((output) => output[name] ?? []);
  return values.length > 0 ? { [name]: values.reduce((a, b) => a + b) } : {};
}

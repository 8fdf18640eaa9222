/** A run as it goes: a line for each task that ends, and one for each attempt that is tried again. */
import * as z from 'zod';
import type { Try } from '#lib/contract/task-history.ts';
import type { Moment } from './execution.ts';
import type { MapRun } from './map-runs.ts';

/** A task, all items of a mapped one together; or one attempt that failed. */
export interface TaskLine {
  readonly task: string;
  readonly state: 'success' | 'skipped' | 'failed' | 'retrying';
  /** Of the item that failed. */
  readonly index?: number | undefined;
  /** How many items a mapped task had, and how many of a distributed one failed: the first ten have a line each. */
  readonly items?: number;
  readonly failed?: number;
  readonly attempt: number;
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
  return ({ tries, left, mapRuns, end }) => {
    const byTask = Map.groupBy(tries, ({ task }) => task);
    const byMap = new Map(mapRuns.filter(({ task }) => !byTask.has(task)).map((mapRun) => [mapRun.task, mapRun]));
    const over = left.filter((state) => byTask.has(state) || byMap.get(state)?.endedAt);
    const retrying = tries.filter((one) => one.state === 'failed' && !(last(tries, one) && over.includes(one.task)));
    const ended = end ? [...byTask.keys(), ...byMap.keys()] : over;
    const linesOfTask = (task: string) => {
      const mapRun = byMap.get(task);
      return mapRun ? linesOfMap(mapRun) : linesOf(byTask.get(task) ?? []);
    };
    const lines = [
      ...retrying.map((one) => ({ key: keyOf(one), lines: [{ ...lineOf([one]), state: 'retrying' as const }] })),
      ...ended.map((task) => ({ key: task, lines: linesOfTask(task) })),
    ].filter(({ key }) => !told.has(key));
    for (const { key } of lines) told.add(key);
    return lines.flatMap((one) => one.lines);
  };
}

/** The tasks that run at a moment. */
export const running = ({ tries, mapRuns }: Moment): string[] => [
  ...new Set(tries.filter(({ state }) => state === 'running').map(({ task }) => task)),
  ...mapRuns
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ task, ended, items }) => `${task} (${ended} of ${items})`),
];

const keyOf = ({ task, index, attempt }: Try) => `${task}/${index}/${attempt}`;
const sameItem = (a: Try, b: Try) => a.task === b.task && a.index === b.index;
const last = (tries: readonly Try[], one: Try) => tries.findLast((other) => sameItem(one, other)) === one;

/** A task that ended: its own line, before it those of its items that failed. */
function linesOf(tries: readonly Try[]): TaskLine[] {
  const lasts = tries.filter((one) => last(tries, one));
  const mapped = lasts.some(({ index }) => index !== undefined);
  const failed = lasts.filter(({ state }) => state === 'failed');
  if (!mapped) return [lineOf(lasts)];
  const { error, cause, index: _, ...whole } = lineOf(lasts);
  // The items that failed have said why.
  const why = failed.length === 0 && error !== undefined && { error, cause };
  return [...failed.map((one) => lineOf([one])), { ...whole, ...why, ...(mapped && { items: lasts.length }) }];
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
  superseded: z.literal(true).optional().catch(undefined),
});

function lineOf(tries: readonly Try[]): TaskLine {
  const failed = tries.find(({ state }) => state === 'failed');
  const [{ task, index, functionName }] = tries as [Try];
  return {
    task,
    functionName,
    state: failed ? 'failed' : tries.every(({ state }) => state === 'skipped') ? 'skipped' : 'success',
    ...(tries.length === 1 && index !== undefined && { index }),
    attempt: Math.max(...tries.map(({ attempt }) => attempt)),
    durationMs: Math.max(...tries.map(endOf)) - Math.min(...tries.map(({ startedAt }) => startedAt.getTime())),
    ...figuresOf(tries),
    ...(failed && { error: failed.error, cause: failed.cause }),
  };
}

/** The sums of what outputs tell. */
function figuresOf(of: readonly { readonly output?: unknown }[]) {
  const outputs = of.flatMap(({ output }) => counts.safeParse(output).data ?? []);
  return {
    ...sum('rows', outputs),
    ...sum('bytes', outputs),
    ...sum('quarantined', outputs),
    ...(outputs.some(({ superseded }) => superseded) && { superseded: true as const }),
  };
}

const endOf = ({ startedAt, endedAt }: Try) => (endedAt ?? startedAt).getTime();

function sum(name: 'rows' | 'bytes' | 'quarantined', outputs: readonly z.output<typeof counts>[]) {
  const values = outputs.flatMap((output) => output[name] ?? []);
  return values.length > 0 ? { [name]: values.reduce((a, b) => a + b) } : {};
}

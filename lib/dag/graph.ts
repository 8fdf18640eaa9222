/** From the authored DAG to plain data. Units are in the names; nothing is optional. */
import { cronOf } from '#lib/contract/schedule.ts';
import { type Grant, grantsOf } from '#lib/contract/task-type.ts';
import { DagError } from './errors.ts';
import { DEFAULTS, secondsOf } from './options.ts';
import { type Authored, problemsOf } from './problems.ts';
import { plain } from './ref.ts';
import { Task } from './task.ts';

export interface Graph {
  readonly id: string;
  /** Five-field cron, or null for runs by hand only. */
  readonly schedule: string | null;
  readonly timeZone: string;
  /** The first logical date: `2018-01-05`. */
  readonly startDate: string;
  readonly maxActiveRuns: number;
  readonly snapshot: boolean;
  /** The params' defaults. One that has none and is optional is absent. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Each after those that it waits for, otherwise as authored. */
  readonly tasks: readonly GraphTask[];
}

export interface GraphTask {
  readonly id: string;
  /** The task type's name, or null for a task that does nothing. */
  readonly type: string | null;
  /** Ids of the tasks that it waits for directly. */
  readonly upstream: readonly string[];
  /** JSON in which `{ $ref: [task | '@run' | '@params' | '@item', …path] }` and `{ $text: […] }` stand for values. */
  readonly input: unknown;
  /** Of a mapped task; `over` as in `input`. */
  readonly map: { readonly over: unknown; readonly maxItems: number; readonly maxConcurrency: number } | null;
  /** Its own, and to read what the tasks write into the lake whose outputs it takes. */
  readonly grants: readonly Grant[];
  readonly retries: number;
  readonly retryDelaySeconds: number;
}

export function graphOf(dag: Authored): Graph {
  const problems = problemsOf(dag);
  if (problems.length > 0) throw new DagError(dag.id, problems);
  const { schedule, startDate, params } = dag.options;
  return {
    id: dag.id,
    schedule: schedule === null ? null : cronOf(schedule),
    timeZone: dag.options.timeZone ?? DEFAULTS.dag.timeZone,
    startDate,
    maxActiveRuns: dag.options.maxActiveRuns ?? DEFAULTS.dag.maxActiveRuns,
    snapshot: dag.options.snapshot ?? DEFAULTS.dag.snapshot,
    params: params?.parse({}) ?? {},
    tasks: inOrder(dag.tasks).map((task) => graphTask(task, { ...DEFAULTS.task, ...dag.options.defaults })),
  };
}

function graphTask(task: Task, defaults: { retries: number; retryDelay: string }): GraphTask {
  const { call, options, map } = task.placed;
  return {
    id: task.id,
    type: call?.type.name ?? null,
    upstream: [...task.waitsFor()].map(({ id }) => id),
    input: plain(call?.input ?? null),
    map: map
      ? {
          over: plain(map.over),
          maxItems: options.maxItems ?? DEFAULTS.map.maxItems,
          maxConcurrency: options.maxConcurrency ?? DEFAULTS.map.maxConcurrency,
        }
      : null,
    grants: grants(task),
    retries: options.retries ?? defaults.retries,
    retryDelaySeconds: secondsOf(options.retryDelay ?? defaults.retryDelay) ?? 0,
  };
}

function inOrder(tasks: readonly Task[]): Task[] {
  const placed = new Set<Task>();
  const place = (task: Task): void => {
    if (placed.has(task)) return;
    for (const need of task.waitsFor()) place(need);
    placed.add(task);
  };
  for (const task of tasks) place(task);
  return [...placed];
}

/** An output points into the lake, so whoever takes it reads where its task wrote. */
function grants(task: Task): Grant[] {
  const own = (of: Task) => (of.placed.call ? grantsOf(of.placed.call) : []);
  const sources = new Set(task.reads().filter((root) => root instanceof Task));
  const written = [...sources].flatMap(own).filter(({ access, to }) => access === 'write' && isInLake(to));
  return [...own(task), ...written.map(({ to }): Grant => ({ access: 'read', to }))];
}

const isInLake = (to: Grant['to']): boolean => 'dataset' in to && to.dataset.startsWith('raw/');

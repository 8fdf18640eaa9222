/** From the authored DAG to plain data. Units are in the names; nothing is optional. */
import type * as z from 'zod';
import type { Facts } from '#lib/contract/facts.ts';
import { filesOf, type Grant, grantsOf, type OtherPipeline } from '#lib/contract/fields.ts';
import type { Right } from '#lib/contract/rights.ts';
import type { Call, Kind } from '#lib/contract/task-type.ts';
import { cronOf } from '#lib/time/cron.ts';
import { secondsOf } from '#lib/time/duration.ts';
import { type Order, ordersOf } from './edges.ts';
import { DagError } from './errors.ts';
import { type AnyOptions, DEFAULTS, type TaskOptions, type TriggerRule } from './options.ts';
import { paramsSchema } from './params-schema.ts';
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
  /** The last day that has a logical date, or null where there is none. */
  readonly endDate: string | null;
  /** Intervals that were over before the pipeline was deployed are run too. */
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly snapshot: boolean;
  /** The run ends as soon as a task fails. Every trigger rule is all_success then. */
  readonly failFast: boolean;
  /** The params' defaults. One that has none and is optional is absent. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What the params may be: JSON Schema. */
  readonly paramsSchema: object;
  /** Each after those that it waits for, otherwise as authored. */
  readonly tasks: readonly GraphTask[];
}

export interface GraphTask {
  readonly id: string;
  /** The task type's name, or null for a task that does nothing. */
  readonly type: string | null;
  /** Ids of the tasks that it waits for directly. */
  readonly upstream: readonly string[];
  readonly triggerRule: TriggerRule;
  /**
   * Conditions that must all hold: `{ $ref }` to a boolean, or `{ $op: 'eq' | 'gt' | 'and' | 'or' | 'not', args }`. One
   * that reads a task which did not succeed counts as holding.
   */
  readonly when: readonly unknown[];
  /**
   * JSON in which `{ $ref: [task | '@run' | '@params' | '@item' | '@index' | '@key', …path] }`, `{ $text: […] }` and
   * conditions stand for values.
   */
  readonly input: unknown;
  /** Of a mapped task; `over` as in `input`. */
  readonly map: {
    readonly over: unknown;
    readonly maxItems: number;
    readonly maxConcurrency: number;
    readonly toleratedFailureCount: number;
  } | null;
  /** Of a sensor: how often it looks, for how long, and whether it is skipped after that. */
  readonly sensor: {
    readonly pokeSeconds: number;
    readonly timeoutSeconds: number;
    readonly softFail: boolean;
  } | null;
  /** Of a callback task: how long it waits for its answer, and for a sign of life. */
  readonly callback: { readonly timeoutSeconds: number; readonly heartbeatSeconds: number | null } | null;
  /** Of a job: what Step Functions asks of which service, for how long, and what of its answer is the output. */
  readonly job: {
    readonly resource: string;
    /** As `input`; see `machineOf` for what stands for another pipeline. */
    readonly arguments: object;
    readonly output: readonly string[];
    readonly timeoutSeconds: number;
  } | null;
  /** Its own, and to read what the tasks write into the lake whose outputs it takes. */
  readonly grants: readonly Grant[];
  /** What else it may do, as its type says: a job by the state machine, all else by its function. */
  readonly rights: readonly Right[];
  /** Files of the project that its function carries, by their paths from the project's root. */
  readonly files: readonly string[];
  readonly retries: number;
  readonly retryDelaySeconds: number;
}

export function graphOf(dag: Authored, facts?: Facts): Graph {
  const orders = ordersOf(dag);
  const problems = problemsOf(dag, orders, facts);
  if (problems.length > 0) throw new DagError(dag.id, problems);
  const { schedule, startDate, params } = dag.options;
  const defaults = { ...DEFAULTS.task, ...dag.options.defaults };
  return {
    id: dag.id,
    schedule: schedule === null ? null : cronOf(schedule),
    timeZone: dag.options.timeZone ?? DEFAULTS.dag.timeZone,
    startDate,
    endDate: dag.options.endDate ?? null,
    catchup: dag.options.catchup ?? DEFAULTS.dag.catchup,
    maxActiveRuns: dag.options.maxActiveRuns ?? DEFAULTS.dag.maxActiveRuns,
    snapshot: dag.options.snapshot ?? DEFAULTS.dag.snapshot,
    failFast: dag.options.failFast ?? DEFAULTS.dag.failFast,
    params: params?.parse({}) ?? {},
    paramsSchema: paramsSchema(params),
    tasks: inOrder(orders).map(([task, order]) => graphTask(task, order, { defaults, facts })),
  };
}

interface Beside {
  readonly defaults: Required<TaskOptions>;
  readonly facts: Facts | undefined;
}

function graphTask(task: Task, { upstream, begins }: Order, { defaults, facts }: Beside): GraphTask {
  const { call, options, map } = task.placed;
  const kind = call?.type.kind ?? 'task';
  return {
    id: task.id,
    type: call?.type.name ?? null,
    upstream: [...upstream].map(({ id }) => id),
    triggerRule: options.triggerRule ?? (call ? defaults : DEFAULTS.task).triggerRule,
    when: begins.flatMap(({ conditions }) => conditions.map((condition) => plain(condition))),
    input: call && plain(call.input, describedIn(call, facts)),
    map: map ? { over: plain(map.over), ...mapping(options) } : null,
    ...waiting(kind, task),
    job: call ? job(call, options) : null,
    grants: grants(task),
    ...needs(call),
    retries: options.retries ?? defaults.retries,
    retryDelaySeconds: seconds(options.retryDelay ?? defaults.retryDelay),
  };
}

const mapping = ({
  maxItems = DEFAULTS.map.maxItems,
  maxConcurrency = DEFAULTS.map.maxConcurrency,
  toleratedFailureCount = DEFAULTS.map.toleratedFailureCount,
}: AnyOptions) => ({ maxItems, maxConcurrency, toleratedFailureCount });

/** The pipelines whose runs a task reads, with when they run: its function tells by that a run that will never be. */
function describedIn(call: Call<unknown>, facts?: Facts): ReadonlyMap<unknown, OtherPipeline> {
  return new Map(
    grantsOf(call).flatMap(({ access, to }) => {
      const found = access === 'read' && 'pipeline' in to && facts?.pipelines.find(({ id }) => id === to.pipeline);
      if (!found) return [];
      const { id, schedule, timeZone, startDate, endDate } = found;
      return [[to, { pipeline: id, runs: { schedule, timeZone, startDate, ...(endDate && { endDate }) } }]];
    }),
  );
}

function needs(call: Call<unknown> | null): Pick<GraphTask, 'rights' | 'files'> {
  if (!call) return { rights: [], files: [] };
  return {
    rights: call.type.rights?.(call.input as Record<string, unknown>) ?? [],
    files: filesOf(call).map(String),
  };
}

function waiting(kind: Kind, { placed: { call, options } }: Task): Pick<GraphTask, 'sensor' | 'callback'> {
  const ofType = call?.type.pokeInterval;
  const { pokeInterval, timeout, softFail } = {
    ...DEFAULTS.sensor,
    ...(ofType !== undefined && { pokeInterval: ofType }),
    ...options,
  };
  const sensor = { pokeSeconds: seconds(pokeInterval), timeoutSeconds: seconds(timeout), softFail };
  const callback = {
    timeoutSeconds: seconds(options.timeout ?? DEFAULTS.callback.timeout),
    heartbeatSeconds: options.heartbeat === undefined ? null : seconds(options.heartbeat),
  };
  return { sensor: kind === 'sensor' ? sensor : null, callback: kind === 'callback' ? callback : null };
}

function job({ type: { integration, output }, input }: Call<unknown>, { timeout }: AnyOptions): GraphTask['job'] {
  if (!integration) return null;
  return {
    resource: integration.resource,
    arguments: plain(integration.arguments(input as Record<string, unknown>)) as object,
    output: Object.keys((output as z.ZodObject).shape),
    timeoutSeconds: seconds(timeout ?? DEFAULTS.job.timeout),
  };
}

const seconds = (duration: string): number => secondsOf(duration) ?? 0;

function inOrder(orders: ReadonlyMap<Task, Order>): [Task, Order][] {
  const placed = new Map<Task, Order>();
  const place = (task: Task, order: Order): void => {
    if (placed.has(task)) return;
    for (const need of order.upstream) place(need, orders.get(need) as Order);
    placed.set(task, order);
  };
  for (const [task, order] of orders) place(task, order);
  return [...placed];
}

/** An output points into the lake, so whoever takes it reads where its task wrote. */
function grants(task: Task): Grant[] {
  const own = (of: Task) => (of.placed.call ? grantsOf(of.placed.call) : []);
  const sources = new Set(task.reads().filter((root) => root instanceof Task));
  const written = [...sources].flatMap(own).filter(({ access, to }) => access === 'write' && isInLake(to));
  return [...own(task), ...written.map(({ to }): Grant => ({ access: 'read', to }))];
}

const isInLake = (to: Grant['to']): boolean => 'dataset' in to && to.kind === 'lake';

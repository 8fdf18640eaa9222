/** Everything that is wrong with an authored DAG, each problem with the task or option that it is about. */
import * as z from 'zod';
import type { Facts } from '#lib/contract/facts.ts';
import { filesOf, type Grant, grantsOf } from '#lib/contract/fields.ts';
import type { Call } from '#lib/contract/task-type.ts';
import { wrongSchedule } from '#lib/time/schedule.ts';
import { checkCall } from './checks.ts';
import { type Order, tasksIn } from './edges.ts';
import { givesTo, wrongInput, wrongReadings } from './inputs.ts';
import { type Node, within } from './node.ts';
import { type DagOptions, DEFAULTS } from './options.ts';
import { paramsSchema } from './params-schema.ts';
import { isLiteral, type Root, reservedKeys, rootsOf } from './ref.ts';
import { Task } from './task.ts';
import { isCount, unknownOptions, when, wrongOptions as wrongTaskOptions } from './task-problems.ts';

/** What is read of a DAG. */
export interface Authored extends Node {
  readonly options: DagOptions<z.ZodObject>;
  /** What references may read from besides tasks. */
  readonly roots: readonly Root[];
}

type Orders = ReadonlyMap<Task, Order>;

/** @param facts what there is beside the DAG; without it, the DAG is held against itself alone */
export function problemsOf(dag: Authored, orders: Orders, facts?: Facts): string[] {
  const nodes = within(dag).slice(1);
  return [
    ...wrongOptions(dag, orders.size),
    ...wrongParams(dag),
    ...wrongIds(nodes),
    ...strangers(nodes, dag.roots),
    ...nodes.flatMap((node) => ofNode(node, { facts, gives: givesTo(node, dag.options.params) })),
    ...(dag.options.failFast ? neverAsked(dag, orders) : []),
    ...cycle(orders),
  ];
}

const DAG_OPTIONS = [...Object.keys(DEFAULTS.dag), 'schedule', 'startDate', 'endDate', 'defaults', 'params'];

function wrongOptions({ id, options }: Authored, tasks: number): string[] {
  const { schedule, timeZone = DEFAULTS.dag.timeZone, startDate, maxActiveRuns = 1, defaults = {} } = options;
  const wrong = wrongSchedule({ schedule, timeZone });
  return [
    ...unknownOptions(options, DAG_OPTIONS),
    ...when(!/^[a-z][a-z0-9-]{0,59}$/.test(id), `its id is 1 to 60 lower-case letters, digits and '-'`),
    ...when(tasks === 0, 'it has no task'),
    ...(wrong === undefined ? [] : [`schedule: ${wrong}`]),
    ...when(!isDate(startDate), `startDate: '${startDate}' is no date: write it as 2018-01-05`),
    ...wrongEnd(options),
    ...wrongCatchup(options),
    ...when(!isCount(maxActiveRuns), `maxActiveRuns: ${maxActiveRuns} is no whole number from 1`),
    ...wrongTaskOptions('task', defaults).map((problem) => `defaults: ${problem}`),
  ];
}

function wrongEnd({ startDate, endDate }: Authored['options']): string[] {
  if (endDate === undefined) return [];
  if (!isDate(endDate)) return [`endDate: '${endDate}' is no date: write it as 2026-12-31`];
  return when(endDate < startDate, `endDate: ${endDate} lies before the startDate, ${startDate}`);
}

function wrongCatchup({ schedule, snapshot, catchup }: Authored['options']): string[] {
  if (!catchup) return [];
  return [
    ...when(schedule === null, 'catchup: a DAG without a schedule has no intervals to make up for'),
    ...when(
      snapshot === true,
      'catchup: its sources know only the present (snapshot), so a date that is over cannot be made up for',
    ),
  ];
}

/** A schedule has nobody to ask, so a run must be able to begin without being given anything. */
function wrongParams({ options }: Authored): string[] {
  const issues = options.params?.safeParse({}).error?.issues ?? [];
  return [
    ...issues.map(({ path }) => `params: ${path.join('.')} needs a default, since a schedule gives no params`),
    ...unreadable(options.params),
  ];
}

/** Begin holds params against what is told of them as JSON Schema. */
function unreadable(params: z.ZodObject | undefined): string[] {
  try {
    z.fromJSONSchema(paramsSchema(params));
    return [];
  } catch (error) {
    return [`params: the beginning of a run cannot check them: ${(error as Error).message}`];
  }
}

function wrongIds(nodes: readonly Node[]): string[] {
  const known = new Set<string>();
  return nodes.flatMap(({ id }) => {
    const taken = known.has(id);
    known.add(id);
    return [
      ...when(
        !/^(?!\.+$)[\w.-]{1,80}$/.test(id),
        `${id}: an id is 1 to 80 letters, digits, '_', '-' or '.', and not of dots alone`,
      ),
      ...when(taken, `${id}: another task has this id`),
    ];
  });
}

function strangers(nodes: readonly Node[], roots: readonly Root[]): string[] {
  const known = new Set<Root>([...nodes, ...roots]);
  return nodes.flatMap((node) => {
    const items = node instanceof Task ? (node.placed.map?.item ?? []) : [];
    const unknown = new Set([...node.reads(), ...node.waitsFor()].filter((r) => !known.has(r) && !items.includes(r)));
    return [...unknown].map(({ id }) =>
      ITEM.includes(id) ? `${node.id}: takes the item of another task's map` : `${node.id}: ${id} is in another DAG`,
    );
  });
}
const ITEM = ['@item', '@index', '@key'];

interface Beside {
  readonly facts: Facts | undefined;
  readonly gives: ReturnType<typeof givesTo>;
}

function ofNode(node: Node, beside: Beside): string[] {
  const problems = [
    ...wrongReadings(node.conditions, beside.gives),
    ...when(tasksIn(node).length === 0, 'a group without a task orders nothing: give it one, or leave it out'),
    ...mapped(node.conditions).map((id) => `a condition reads the outputs of ${id}, which is mapped: ${BETWEEN}`),
    ...(node instanceof Task ? ofTask(node, beside) : []),
  ];
  return problems.map((problem) => `${node.id}: ${problem}`);
}

function ofTask({ placed: { call, options, map } }: Task, { facts, gives }: Beside): string[] {
  const wrong = call ? ofCall(call, gives) : [];
  return [
    ...wrongTaskOptions(map ? 'map' : (call?.type.kind ?? 'empty'), options),
    ...mapped(map?.over).map((id) => `runs over the outputs of ${id}, which is mapped itself: ${BETWEEN}`),
    ...wrongReadings(map?.over, gives),
    ...wrong,
    ...(call && facts && wrong.length === 0 ? checkCall(call, facts) : []),
  ];
}

const ofCall = (call: Call<unknown>, gives: Beside['gives']): string[] => [
  ...wrongReadings(call.input, gives),
  ...wrongInput(call.type.input, call.input, gives),
  ...wrongLocations(grantsOf(call)),
  ...reservedKeys(call.input).map((key) => `input has a field '${key}', which has a meaning of its own`),
  ...unwritten(call).map((field) => `${field} must be written out: the task's rights follow from it`),
  ...when(
    filesOf(call).some((file) => !isLiteral(file)),
    'the path of a file must be written out: the function carries it',
  ),
];

/** Fields that are not literals, though rights are derived from them. */
const unwritten = ({ type, input }: Call<unknown>): string[] =>
  (type.literals ?? []).filter((field) => rootsOf((input as Record<string, unknown>)[field]).length > 0);

/** They become part of ARNs, where some characters stand for others. */
function wrongLocations(grants: readonly Grant[]): string[] {
  const locations = grants.flatMap(({ to }) => ('bucket' in to ? [to] : []));
  return locations.flatMap(({ bucket, prefix }) => [
    ...when(!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket), `'${bucket}' is no name of a bucket`),
    ...when(/[*?$]/.test(prefix), `'${prefix}' is no prefix to give rights to: it has one of *, ? and $`),
  ]);
}

/** Where the first failure ends the run, no rule and no tolerance is left that would make something of it. */
function neverAsked({ options: { defaults } }: Authored, orders: Orders): string[] {
  return [...orders.keys()].flatMap(({ id, placed: { call, options, map } }) => {
    const rule = options.triggerRule ?? (call ? defaults?.triggerRule : undefined) ?? DEFAULTS.task.triggerRule;
    return [
      ...when(rule !== 'all_success', `${id}: triggerRule: '${rule}' has no meaning in a DAG with failFast`),
      ...when(
        map !== undefined && (options.toleratedFailureCount ?? 0) > 0,
        `${id}: toleratedFailureCount: the first item that fails ends the run in a DAG with failFast`,
      ),
    ];
  });
}

/** The outputs of a mapped task lie in the ledger, where the state machine cannot read them. */
const mapped = (value: unknown): string[] =>
  rootsOf(value)
    .filter((root) => root instanceof Task && root.placed.map)
    .map(({ id }) => id);
const BETWEEN = 'put a task between that takes them and gives what is needed';

function cycle(orders: Orders): string[] {
  const missing = new Map<Task, number>();
  const downstream = new Map<Task, Task[]>([...orders.keys()].map((task) => [task, []]));
  for (const [task, { upstream }] of orders) {
    const own = [...upstream].filter((need) => orders.has(need));
    missing.set(task, own.length);
    for (const need of own) downstream.get(need)?.push(task);
  }
  const free = [...orders.keys()].filter((task) => missing.get(task) === 0);
  for (const task of free) {
    missing.delete(task);
    for (const next of downstream.get(task) ?? []) {
      const left = (missing.get(next) ?? 0) - 1;
      missing.set(next, left);
      if (left === 0) free.push(next);
    }
  }
  return when(missing.size > 0, `${[...missing.keys()].map(({ id }) => id).join(', ')}: wait for each other`);
}

const isDate = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
};

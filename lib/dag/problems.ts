/** Everything that is wrong with an authored DAG, each problem with the task or option that it is about. */
import type * as z from 'zod';
import { wrongSchedule } from '#lib/contract/schedule.ts';
import { type DagOptions, DEFAULTS, type MapOptions, secondsOf, type TaskOptions } from './options.ts';
import { type Root, reservedKeys, rootsOf } from './ref.ts';
import { Task } from './task.ts';

/** What is read of a DAG. */
export interface Authored {
  readonly id: string;
  readonly options: DagOptions<z.ZodObject>;
  readonly tasks: readonly Task[];
  /** What references may read from besides tasks. */
  readonly roots: readonly Root[];
}

export function problemsOf(dag: Authored): string[] {
  return [
    ...wrongOptions(dag),
    ...wrongParams(dag),
    ...wrongIds(dag.tasks),
    ...strangers(dag),
    ...dag.tasks.flatMap((task) => ofTask(task)),
    ...cycle(dag.tasks),
  ];
}

function wrongOptions({ id, options, tasks }: Authored): string[] {
  const { schedule, timeZone = DEFAULTS.dag.timeZone, startDate, catchup, maxActiveRuns = 1, defaults = {} } = options;
  const wrong = wrongSchedule({ schedule, timeZone });
  return [
    ...when(!/^[a-z][a-z0-9-]{0,59}$/.test(id), `its id is 1 to 60 lower-case letters, digits and '-'`),
    ...when(tasks.length === 0, 'it has no task'),
    ...(wrong === undefined ? [] : [`schedule: ${wrong}`]),
    ...when(!isDate(startDate), `startDate: '${startDate}' is no date: write it as 2018-01-05`),
    ...when(catchup === true, 'catchup: missed intervals are not run yet; leave it out, and run them by their date'),
    ...when(!isCount(maxActiveRuns), `maxActiveRuns: ${maxActiveRuns} is no whole number from 1`),
    ...wrongRetries(defaults).map((problem) => `defaults: ${problem}`),
  ];
}

/** A schedule has nobody to ask, so a run must be able to begin without being given anything. */
function wrongParams({ options }: Authored): string[] {
  const issues = options.params?.safeParse({}).error?.issues ?? [];
  return issues.map(({ path }) => `params: ${path.join('.')} needs a default, since a schedule gives no params`);
}

const wrongIds = (tasks: readonly Task[]): string[] =>
  tasks.flatMap(({ id }, index) => [
    ...when(
      !/^(?!\.+$)[\w.-]{1,80}$/.test(id),
      `${id}: an id is 1 to 80 letters, digits, '_', '-' or '.', and not of dots alone`,
    ),
    ...when(tasks.findIndex((other) => other.id === id) < index, `${id}: another task has this id`),
  ]);

function strangers({ tasks, roots }: Authored): string[] {
  const known = new Set([...tasks, ...roots]);
  return tasks.flatMap((task) => {
    const items = task.placed.map ? [task.placed.map.item] : [];
    const unknown = new Set([...task.reads(), ...task.waitsFor()].filter((r) => !known.has(r) && !items.includes(r)));
    return [...unknown].map(({ id }) =>
      id === '@item' ? `${task.id}: takes the item of another task's map` : `${task.id}: ${id} is in another DAG`,
    );
  });
}

function ofTask(task: Task): string[] {
  const { call, options, map } = task.placed;
  return [
    ...wrongRetries(options),
    ...(map ? wrongMap(options) : []),
    ...(map ? mappedTwice(task) : []),
    ...reservedKeys(call?.input).map((key) => `input has a field '${key}', which has a meaning of its own`),
  ].map((problem) => `${task.id}: ${problem}`);
}

const wrongRetries = ({ retries = 0, retryDelay = DEFAULTS.task.retryDelay }: TaskOptions): string[] => [
  ...when(!isCount(retries + 1) || retries > 20, `retries: ${retries} is no whole number from 0 to 20`),
  ...when(!secondsOf(retryDelay), `retryDelay: '${retryDelay}' is no duration such as '30s', '5m' or '1h'`),
  ...when((secondsOf(retryDelay) ?? 0) > 86_400, `retryDelay: '${retryDelay}' is longer than a day`),
];

const wrongMap = ({ maxItems = 1, maxConcurrency = 1 }: MapOptions): string[] => [
  ...when(!isCount(maxItems), `maxItems: ${maxItems} is no whole number from 1`),
  ...when(
    !isCount(maxConcurrency) || maxConcurrency > 40,
    `maxConcurrency: ${maxConcurrency} is no whole number from 1 to 40`,
  ),
];

/** The outputs of a mapped task lie in the ledger, where the state machine cannot read a list to run over. */
const mappedTwice = ({ placed: { map } }: Task): string[] =>
  rootsOf(map?.over)
    .filter((root) => root instanceof Task && root.placed.map)
    .map(({ id }) => `runs over the outputs of ${id}, which is mapped itself: put a task between that gives the list`);

function cycle(tasks: readonly Task[]): string[] {
  const left = new Map(tasks.map((task) => [task, [...task.waitsFor()]]));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [task, needs] of left) if (!needs.some((need) => left.has(need))) left.delete(task);
  }
  return when(left.size > 0, `${[...left.keys()].map(({ id }) => id).join(', ')}: wait for each other`);
}

const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : []);
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
const isDate = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
};

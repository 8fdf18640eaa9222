/**
 * What becomes of every task of a DAG, straight from Airflow's table of trigger rules and without a state machine: the
 * measure for what the compiled one does.
 */
import type { Graph, GraphTask, TriggerRule } from '#lib/dag/index.ts';

type Status = 'success' | 'failed' | 'skipped' | 'upstream_failed';

/** How a task ends where it runs, and what it gives. */
export interface Outcome {
  readonly ends: 'success' | 'failed' | 'skipped';
  readonly output: Readonly<Record<string, unknown>>;
  /** Of a mapped task: how its items end. */
  readonly items: readonly Outcome['ends'][];
}

export interface Expected {
  readonly run: 'success' | 'failed';
  readonly tasks: Readonly<Record<string, Status>>;
}

/** What a DAG comes to where its tasks, those that run, end like this. `params` is what conditions and maps may read. */
export function expectedOf(
  { tasks }: Graph,
  outcomes: ReadonlyMap<string, Outcome>,
  params: Readonly<Record<string, unknown>>,
): Expected {
  const statuses: Record<string, Status> = {};
  const value = (reference: readonly string[]): unknown => {
    const [root = '', ...path] = reference;
    const from = root === '@params' ? params : statuses[root] === 'success' ? outcomes.get(root)?.output : undefined;
    return path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], from);
  };
  for (const task of tasks) {
    const outcome = outcomes.get(task.id) as Outcome;
    const given = gated(task, statuses, value) ? 'skipped' : byRule(task, statuses);
    statuses[task.id] = given === 'run' ? ended(task, outcome, value) : given;
  }
  const waitedFor = new Set(tasks.flatMap(({ upstream }) => upstream));
  const leaves = tasks.filter(({ id }) => !waitedFor.has(id)).map(({ id }) => statuses[id]);
  const isFailed = leaves.some((status) => status === 'failed' || status === 'upstream_failed');
  return { run: isFailed ? 'failed' : 'success', tasks: statuses };
}

type Statuses = Readonly<Record<string, Status>>;
type Decision = 'run' | 'skipped' | 'upstream_failed';
type Value = (reference: readonly string[]) => unknown;

type Counts = Record<'done' | 'success' | 'skipped' | 'failed' | 'upstream_failed', number>;
const bad = (of: Counts): number => of.failed + of.upstream_failed;

/** Airflow's table: when a task runs, and what it becomes where it does not. */
const RULES: Record<TriggerRule, (of: Counts) => Decision> = {
  always: () => 'run',
  all_done: () => 'run',
  all_success: (of) => (of.success === of.done ? 'run' : bad(of) > 0 ? 'upstream_failed' : 'skipped'),
  all_failed: (of) => (bad(of) === of.done ? 'run' : 'skipped'),
  all_skipped: (of) => (of.skipped === of.done ? 'run' : 'skipped'),
  all_done_min_one_success: (of) => (of.skipped > 0 ? 'skipped' : of.success === 0 ? 'upstream_failed' : 'run'),
  one_success: (of) => (of.success > 0 ? 'run' : of.skipped === of.done ? 'skipped' : 'upstream_failed'),
  one_failed: (of) => (bad(of) > 0 ? 'run' : 'skipped'),
  one_done: (of) => (of.success + of.failed > 0 ? 'run' : 'skipped'),
  none_failed: (of) => (bad(of) === 0 ? 'run' : 'upstream_failed'),
  none_failed_min_one_success: (of) => (bad(of) > 0 ? 'upstream_failed' : of.skipped === of.done ? 'skipped' : 'run'),
  none_skipped: (of) => (of.skipped === 0 ? 'run' : 'skipped'),
};

function byRule({ triggerRule, upstream }: GraphTask, statuses: Statuses): Decision {
  const among = [...new Set(upstream)].map((id) => statuses[id]);
  const count = (status: Status) => among.filter((one) => one === status).length;
  const [success, skipped, failed] = [count('success'), count('skipped'), count('failed')];
  const counts = { done: among.length, success, skipped, failed, upstream_failed: count('upstream_failed') };
  return among.length === 0 ? 'run' : RULES[triggerRule](counts);
}

/** A condition that reads a task which did not succeed is not asked. */
const gated = ({ when }: GraphTask, statuses: Statuses, value: Value): boolean =>
  when.some((condition) => {
    const reads = readsOf(condition).filter((id) => !id.startsWith('@'));
    return reads.every((id) => statuses[id] === 'success') && !holds(condition as Condition, value);
  });

type Condition = { $ref: string[] } | { $op: string; args: Condition[] } | string | number | boolean;

function holds(condition: Condition, value: Value): boolean {
  if (typeof condition !== 'object') return condition === true;
  if ('$ref' in condition) return value(condition.$ref) === true;
  const { $op, args } = condition;
  if ($op === 'and') return args.every((arg) => holds(arg, value));
  if ($op === 'or') return args.some((arg) => holds(arg, value));
  if ($op === 'not') return !args.some((arg) => holds(arg, value));
  const [one, other] = args.map((arg) => (typeof arg === 'object' && '$ref' in arg ? value(arg.$ref) : arg));
  if ($op === 'gt') return typeof one === 'number' && typeof other === 'number' && one > other;
  return one !== undefined && one === other;
}

const readsOf = (condition: unknown): string[] => {
  if (typeof condition !== 'object' || condition === null) return [];
  if ('$ref' in condition) return [(condition.$ref as string[])[0] ?? ''];
  return Object.values(condition).flatMap(readsOf);
};

/**
 * A mapped task fails with more of its items than it tolerates, or with all of them, and is skipped where all the others
 * are.
 */
function ended({ type, map }: GraphTask, { ends, items }: Outcome, value: Value): Status {
  if (type === null) return 'success';
  if (!map) return ends;
  const list = value((map.over as { $ref: string[] }).$ref);
  if (!Array.isArray(list)) return 'failed';
  const among = list.map((_, index) => items[index] ?? 'success');
  const others = among.filter((status) => status !== 'failed');
  const failed = among.length - others.length;
  if (failed > map.toleratedFailureCount || (failed > 0 && others.length === 0)) return 'failed';
  return others.length > 0 && others.every((status) => status === 'skipped') ? 'skipped' : 'success';
}

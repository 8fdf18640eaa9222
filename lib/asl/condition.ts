/** What a Choice asks: trigger rules and conditions as JSONata. Every expression is total. */

import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { expressionOf, literal, path, type Read } from './jsonata.ts';
import { type Decision, type Possible, tasksReadBy } from './possible.ts';
import { RULES, type Test } from './trigger-rules.ts';

/** The status that a task is given in a state's input. */
const statusOf = (id: string): string => path('$states.input', [id]);

export interface Asked {
  readonly possible: Possible;
  /** Reads what conditions read. */
  readonly read: Read;
  /** Is told of each task whose status is asked for. */
  readonly onRead: (taskId: string) => void;
}

/** The expression that holds where a task's rule and conditions come to this decision. */
export function decides(task: GraphTask, decision: Exclude<Decision, 'skipped'>, asked: Asked): string {
  const { runs, fails = {} } = RULES[task.triggerRule];
  // A task that waits for none runs whatever its rule.
  const rule = task.upstream.length > 0 ? ofRule(task, decision === 'run' ? runs : fails, asked) : [];
  const all = [...task.when.map((condition) => ofCondition(condition, asked)), ...rule];
  return all.filter((expression) => expression !== '').join(' and ') || 'true';
}

/** A test of a rule. What is known needs no asking. */
function ofRule({ upstream }: GraphTask, { none = [], some }: Test, asked: Asked): string[] {
  const tests = [
    ...(none.length > 0 ? [`$not(${there(upstream, none, asked)})`] : []),
    ...(some === undefined ? [] : [there(upstream, some, asked)]),
  ];
  return tests.filter((expression) => expression !== '$not(false)' && expression !== 'true');
}

/** Whether one of the statuses is there among those of the tasks. */
function there(
  ids: readonly string[],
  statuses: readonly TaskStatus[],
  { possible, onRead }: Omit<Asked, 'read'>,
): string {
  const open: string[] = [];
  for (const id of ids) {
    const may = possible.of(id);
    if (!may.some((status) => statuses.includes(status))) continue;
    if (may.length === 1) return 'true';
    onRead(id);
    open.push(statusOf(id));
  }
  if (open.length === 0) return 'false';
  const [first, ...others] = statuses.map(literal);
  if (others.length === 0) return `${first} in [${open.join(', ')}]`;
  return `$exists([${open.join(', ')}][$ in [${[first, ...others].join(', ')}]])`;
}

/** Whether one of the tasks failed or is upstream_failed. */
export const anyFailed = (tasks: readonly GraphTask[], possible: Possible): string =>
  there(
    tasks.map(({ id }) => id),
    ['failed', 'upstream_failed'],
    { possible, onRead: () => {} },
  );

/** A condition is asked for only where every task that it reads succeeded. */
function ofCondition(condition: unknown, { possible, read, onRead }: Asked): string {
  const reads = tasksReadBy(condition);
  if (reads.some((id) => !possible.of(id).includes('success'))) return '';
  const open = [...new Set(reads)].filter((id) => possible.of(id).length > 1);
  for (const id of open) onRead(id);
  const without = open.map((id) => `${statusOf(id)} != "success" or `).join('');
  const holds = expressionOf({ $op: 'and', args: [condition] }, read);
  return without === '' ? holds : `(${without}${holds})`;
}

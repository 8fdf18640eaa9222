/** Trigger rules: what each asks of the statuses of a task's upstreams. All of them ask only which there are. */

import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { TriggerRule } from '#lib/dag/index.ts';

/** Holds where none of `none` is there and, if given, at least one of `some`. */
export interface Test {
  readonly none?: readonly TaskStatus[];
  readonly some?: readonly TaskStatus[];
}

interface Rule {
  /** When the task runs. */
  readonly runs: Test;
  /** Where it does not run: when it is upstream_failed. Otherwise, and without it, it is skipped. */
  readonly fails?: Test;
}

const FAILURES = ['failed', 'upstream_failed'] as const;

export const RULES: Readonly<Record<TriggerRule, Rule>> = {
  all_success: { runs: { none: [...FAILURES, 'skipped'] }, fails: { some: FAILURES } },
  all_failed: { runs: { none: ['success', 'skipped'] } },
  all_done: { runs: {} },
  all_done_min_one_success: { runs: { none: ['skipped'], some: ['success'] }, fails: { none: ['skipped'] } },
  all_skipped: { runs: { none: ['success', ...FAILURES] } },
  one_success: { runs: { some: ['success'] }, fails: { some: FAILURES } },
  one_failed: { runs: { some: FAILURES } },
  one_done: { runs: { some: ['success', 'failed'] } },
  none_failed: { runs: { none: FAILURES }, fails: { some: FAILURES } },
  none_failed_min_one_success: { runs: { none: FAILURES, some: ['success'] }, fails: { some: FAILURES } },
  none_skipped: { runs: { none: ['skipped'] } },
  always: { runs: {} },
};

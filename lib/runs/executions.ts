/** What Step Functions knows of executions, as far as run control asks. */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { readHistory } from './history.ts';
import { type MapRunItems, readFailedItems, readItems } from './map-run.ts';
import { detailsOf, type TaskDetail } from './task-detail.ts';
import { failuresOf, type HistoryEvent, mapRunsOf, statusesOf, type Try, triesOf } from './task-history.ts';

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly startedAt: string;
  readonly stoppedAt: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface Executions {
  /** How an execution ended; `running` while it does; undefined where Step Functions no longer knows it. */
  ended(arn: string): Promise<Ended | 'running' | undefined>;
  /** @param mostOfMap of a distributed Map so many items are told; 10 without it */
  failures(arn: string, mostOfMap?: number): Promise<Failures>;
  /** What became of the tasks that began; undefined where the history is lost. */
  statuses(arn: string): Promise<ReadonlyMap<string, TaskStatus> | undefined>;
  /** What is to be kept of the tasks that began; undefined where the history is lost. */
  details(arn: string): Promise<Readonly<Record<string, TaskDetail>> | undefined>;
}

export interface Failures {
  /** The tries of its tasks that failed, as far as nothing succeeded after them. Of a distributed Map the first items'. */
  readonly tries: readonly Try[];
  /** Its distributed Maps of which items failed. */
  readonly maps: readonly MapRunItems[];
}

/**
 * Needs states:DescribeExecution and states:GetExecutionHistory on the executions of the pipelines' machines and of
 * their Map Runs, states:DescribeMapRun and states:ListExecutions on those.
 */
export function executionsOf(client: SFNClient): Executions {
  return {
    async ended(arn) {
      try {
        const found = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
        if (found.status === 'RUNNING' || found.status === 'PENDING_REDRIVE') return 'running';
        const { status, output, error, cause } = found;
        return {
          status: status ?? 'ABORTED',
          startedAt: (found.startDate ?? new Date()).toISOString(),
          stoppedAt: (found.stopDate ?? new Date()).toISOString(),
          output,
          error,
          cause,
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
    async failures(arn, mostOfMap) {
      const events = await readHistory(client, arn);
      const { maps, failures } = await readMaps(client, events, mostOfMap);
      return { tries: [...failuresOf(events), ...failures], maps: maps.filter(({ failed }) => failed > 0) };
    },
    async statuses(arn) {
      const events = await readHistory(client, arn);
      return events.length === 0 ? undefined : statusesOf(events);
    },
    async details(arn) {
      const events = await readHistory(client, arn);
      if (events.length === 0) return undefined;
      const { maps, failures } = await readMaps(client, events);
      return detailsOf([...triesOf(events), ...failures], maps);
    },
  };
}

/** The distributed Maps of a history, and the last tries of their items that failed: of each Map the first items'. */
async function readMaps(client: SFNClient, events: readonly HistoryEvent[], mostOfMap?: number) {
  const maps: MapRunItems[] = [];
  const failures: Try[] = [];
  for (const mapRun of mapRunsOf(events)) {
    const items = await readItems(client, mapRun);
    maps.push(items);
    if (items.failed > 0) failures.push(...(await readFailedItems(client, mapRun, mostOfMap)));
  }
  return { maps, failures };
}

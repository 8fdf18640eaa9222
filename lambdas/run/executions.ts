/** What Step Functions knows of executions, as far as run control asks. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { failuresOf, type HistoryEvent, type Try } from '#lib/contract/task-history.ts';

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly stoppedAt: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface Executions {
  /** How an execution ended; `running` while it does; undefined where Step Functions no longer knows it. */
  ended(arn: string): Promise<Ended | 'running' | undefined>;
  /** The tries of its tasks that failed, as far as nothing succeeded after them. */
  failures(arn: string): Promise<Try[]>;
}

/** Needs states:DescribeExecution and states:GetExecutionHistory on the executions of the pipelines' machines. */
export function executionsOf(client: SFNClient): Executions {
  return {
    async ended(arn) {
      try {
        const found = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
        if (found.status === 'RUNNING' || found.status === 'PENDING_REDRIVE') return 'running';
        const { status, output, error, cause } = found;
        return {
          status: status ?? 'ABORTED',
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
    async failures(arn) {
      const events: HistoryEvent[] = [];
      for await (const page of paginateGetExecutionHistory({ client }, { executionArn: arn, maxResults: 1000 }))
        events.push(...(page.events ?? []));
      return failuresOf(events);
    },
  };
}

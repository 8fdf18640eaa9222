/** An execution, started and followed through the history that Step Functions keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  paginateGetExecutionHistory,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionInput } from '#lib/contract/run-record.ts';
import { type Try, triesOf } from '#lib/contract/task-history.ts';
import type { Aws } from './aws.ts';

export interface Moment {
  readonly tries: readonly Try[];
  /** The states that the execution has left, in order. A task's state bears its id. */
  readonly left: readonly string[];
  /** Set once the execution has ended. */
  readonly end?: DescribeExecutionCommandOutput;
}

/** @returns the ARN of the execution */
export async function start({ stepFunctions }: Aws, stateMachineArn: string, input: ExecutionInput): Promise<string> {
  const started = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return started.executionArn ?? '';
}

/** What the history tells, again and again until the execution has ended. */
export async function* follow(aws: Aws, executionArn: string, pollMs: number): AsyncGenerator<Moment> {
  for (;;) {
    const end = await aws.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const ended = end.status !== 'RUNNING';
    yield { ...read(await history(aws, executionArn)), ...(ended && { end }) };
    if (ended) return;
    await sleep(pollMs);
  }
}

async function history({ stepFunctions: client }: Aws, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn, maxResults: 1000 }))
    events.push(...(page.events ?? []));
  return events;
}

const read = (events: readonly HistoryEvent[]): Moment => ({
  tries: triesOf(events),
  left: events.flatMap(({ stateExitedEventDetails: state }) => state?.name ?? []),
});

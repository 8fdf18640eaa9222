/** An execution, started and followed through the history that Step Functions keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import { type Try, triesOf } from '#lib/runs/task-history.ts';
import type { Aws } from './aws.ts';
import type { Deployment } from './deployment.ts';
import { history } from './history.ts';
import { type MapRun, mapRuns } from './map-runs.ts';

export interface Moment {
  readonly tries: readonly Try[];
  /** The states that the execution has left, in order. A task's state bears its id. */
  readonly left: readonly string[];
  /** The distributed Maps that have begun. */
  readonly mapRuns: readonly MapRun[];
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
export async function* follow(deployment: Deployment, executionArn: string, pollMs: number): AsyncGenerator<Moment> {
  const { stepFunctions } = deployment.aws;
  const mapRunsIn = mapRuns(deployment);
  for (;;) {
    const end = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const ended = end.status !== 'RUNNING';
    const events = await history(stepFunctions, executionArn);
    yield { ...read(events), mapRuns: await mapRunsIn(events), ...(ended && { end }) };
    if (ended) return;
    await sleep(pollMs);
  }
}

const read = (events: readonly HistoryEvent[]): Pick<Moment, 'tries' | 'left'> => ({
  tries: triesOf(events),
  left: events.flatMap(({ stateExitedEventDetails: state }) => state?.name ?? []),
});

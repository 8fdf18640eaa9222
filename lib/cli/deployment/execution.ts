/** An execution, started and followed through the history that Step Functions keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { type Ended, executionsOf } from '#lib/runs/executions.ts';
import { type MapRun, mapRunReader } from '#lib/runs/map-run.ts';
import { exitStatusesOf, leftStatesOf, type Try, triesOf } from '#lib/runs/task-history.ts';
import type { Aws } from './aws.ts';
import type { Deployment } from './deployment.ts';
import { growingHistory, isOver } from './growing-history.ts';

export interface Moment {
  readonly tries: readonly Try[];
  /** The states that the execution has left, in order. A task's state bears its id. */
  readonly left: readonly string[];
  /** The distributed Maps that have begun. */
  readonly mapRuns: readonly MapRun[];
  /** What the states that were left said of their tasks. */
  readonly statuses?: ReadonlyMap<string, TaskStatus>;
  /** Set once the execution has ended. */
  readonly end?: Ended;
}

/** @returns the ARN of the execution */
export async function start({ stepFunctions }: Aws, stateMachineArn: string, input: ExecutionInput): Promise<string> {
  const started = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return started.executionArn ?? '';
}

export async function stop({ stepFunctions }: Aws, executionArn: string, cause: string): Promise<void> {
  await stepFunctions.send(new StopExecutionCommand({ executionArn, cause }));
}

/** What the history says, again and again until the execution has ended, or the signal throws its reason. */
export async function* follow(
  { aws, store }: Deployment,
  execution: string,
  { pollMs, signal }: { readonly pollMs: number; readonly signal: AbortSignal },
): AsyncGenerator<Moment> {
  const client = aws.stepFunctions;
  const { ended } = executionsOf(client);
  const readEnd = async () => {
    const end = await ended(execution);
    if (end === undefined) throw new Terminal(`Following ${execution}: Step Functions does not know it.`);
    return end;
  };
  await readEnd();
  const readMapRuns = mapRunReader({ client, store });
  const readEvents = growingHistory(client, execution);
  for (;;) {
    const events = await readEvents();
    const moment = {
      tries: triesOf(events),
      left: leftStatesOf(events),
      mapRuns: await readMapRuns(events),
      statuses: exitStatusesOf(events),
    };
    const end = isOver(events) ? await readEnd() : 'running';
    yield end === 'running' ? moment : { ...moment, end };
    if (end !== 'running') return;
    await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

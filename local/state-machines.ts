/** Step Functions with what it needs around it: Lambda and S3 for its states, events and files of its executions. */
import { ACCOUNT, REGION } from './account.ts';
import type { Events } from './events/events.ts';
import { publishStatus } from './events/execution-status.ts';
import { Executions } from './executions.ts';
import type { Lambda } from './lambda/lambda.ts';
import { invokeTask } from './lambda/task.ts';
import { type Objects, StepFunctions } from './stepfunctions/index.ts';

const CLOSED = { error: 'States.Runtime', cause: 'The embedded AWS was ended while this execution was running.' };

interface Around {
  readonly lambda: Lambda;
  readonly events: Events;
  readonly objects: Objects;
}

/**
 * Restores the executions of earlier processes.
 *
 * @param executions the directory of their files
 * @returns `close` aborts what still runs, telling nobody
 */
export function openStateMachines(executions: string, { lambda, events, objects }: Around) {
  const kept = new Executions(executions);
  const running = new Set<string>();
  let closing = false;
  const stepFunctions = new StepFunctions({
    accountId: ACCOUNT,
    region: REGION,
    invoke: invokeTask(lambda),
    objects,
    onStatusChange: (change) => {
      if (change.status === 'RUNNING') running.add(change.executionArn);
      else running.delete(change.executionArn);
      kept.keep(stepFunctions, change);
      if (!closing) publishStatus(events, change);
    },
  });
  kept.restore(stepFunctions);
  const close = () => {
    closing = true;
    for (const executionArn of running) stepFunctions.operations.StopExecution({ executionArn, ...CLOSED });
  };
  return { stepFunctions, close };
}

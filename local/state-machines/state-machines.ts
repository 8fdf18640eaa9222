/** Step Functions with what it needs around it: services for its Tasks, S3, events and files of its executions. */

import { type Events, publishStatus } from '../events/index.ts';
import { type Integrated, integrations } from '../integrations/integrations.ts';
import { ACCOUNT, REGION } from '../machine/account.ts';
import { type Objects, StepFunctions, statusChange } from '../stepfunctions/index.ts';
import { Executions } from './executions.ts';

const CLOSED = { error: 'States.Runtime', cause: 'The embedded AWS was ended while this execution was running.' };

interface Around extends Omit<Integrated, 'stepFunctions'> {
  readonly events: Events;
  readonly objects: Objects;
}

/**
 * Restores the executions of earlier processes.
 *
 * @param executions the directory of their files
 * @returns `abortRunning` aborts what runs, as its end tells; `close` aborts what runs by then, telling nobody;
 *   `publishLost` publishes the ends of executions that an earlier process left running
 */
export function openStateMachines(executions: string, { events, objects, ...integrated }: Around) {
  const kept = new Executions(executions);
  const running = new Set<string>();
  let closing = false;
  const stepFunctions: StepFunctions = new StepFunctions({
    accountId: ACCOUNT,
    region: REGION,
    invoke: integrations({ ...integrated, stepFunctions: () => stepFunctions }),
    objects,
    onStatusChange: (change) => {
      if (change.status === 'RUNNING') running.add(change.executionArn);
      else running.delete(change.executionArn);
      kept.keep(stepFunctions, change);
      if (!closing) publishStatus(events, change);
    },
  });
  const lost = kept.restore(stepFunctions);
  const publishLost = () => {
    for (const arn of lost.splice(0)) {
      const ended = stepFunctions.endedExecution(arn);
      if (ended) publishStatus(events, statusChange(ended.record));
    }
  };
  const abortRunning = () => {
    for (const executionArn of running) stepFunctions.operations.StopExecution({ executionArn, ...CLOSED });
  };
  const close = () => {
    closing = true;
    abortRunning();
  };
  return { stepFunctions, publishLost, abortRunning, close };
}

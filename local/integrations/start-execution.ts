/** Step Functions' optimised integration with itself: one state machine starts another, and may wait for its end. */
import { randomUUID } from 'node:crypto';
import type { StepFunctions } from '../stepfunctions/index.ts';
import { answerDetails } from './answer.ts';
import { pascalCase } from './casing.ts';
import { type Integration, orTaskFailed, TaskFailed } from './task.ts';

const TOLD = { prefix: 'StepFunctions', service: 'AWSStepFunctions' };

interface Arguments {
  readonly StateMachineArn: string;
  readonly Name?: string;
  readonly Input?: unknown;
}

/** Starts the execution and goes on. */
export const startExecution =
  (stepFunctions: () => StepFunctions): Integration =>
  async ({ arguments: parameters }) =>
    start(stepFunctions(), parameters as unknown as Arguments);

/**
 * Starts the execution and waits for its end; the Task's end stops it.
 *
 * @param form of its input and output in the result: JSON text (`.sync`) or what it says (`.sync:2`)
 */
export const startExecutionSync =
  (stepFunctions: () => StepFunctions, form: 'text' | 'json'): Integration =>
  async ({ arguments: parameters, signal, submitted }) => {
    const sfn = stepFunctions();
    const started = await start(sfn, parameters as unknown as Arguments);
    submitted(started);
    const executionArn = started.ExecutionArn;
    const stop = () => sfn.operations.StopExecution({ executionArn });
    signal.addEventListener('abort', stop, { once: true });
    const ended = await sfn.finished(executionArn);
    signal.removeEventListener('abort', stop);
    const { startDate, stopDate, input, output, ...others } = ended;
    const described = {
      ...(pascalCase(others) as object),
      Input: input,
      ...(output !== undefined && { Output: output }),
      StartDate: startDate.getTime(),
      StopDate: stopDate?.getTime(),
    };
    if (ended.status !== 'SUCCEEDED') throw new TaskFailed('States.TaskFailed', JSON.stringify(described));
    return form === 'text'
      ? described
      : { ...described, Input: JSON.parse(input), Output: JSON.parse(output ?? 'null') };
  };

async function start({ operations }: StepFunctions, { StateMachineArn, Name, Input }: Arguments) {
  const { executionArn, startDate } = await orTaskFailed(TOLD, () =>
    operations.StartExecution({
      stateMachineArn: StateMachineArn,
      ...(Name !== undefined && { name: Name }),
      input: typeof Input === 'string' ? Input : JSON.stringify(Input ?? {}),
    }),
  );
  return {
    ExecutionArn: executionArn,
    StartDate: startDate.getTime(),
    ...answerDetails(randomUUID(), { 'Content-Type': 'application/x-amz-json-1.0' }),
  };
}

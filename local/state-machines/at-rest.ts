/** Executions that an embedded AWS left behind, for those who ask while none runs. Nothing is changed. */
import { ACCOUNT, REGION } from '../machine/account.ts';
import { StepFunctions } from '../stepfunctions/index.ts';
import { Executions } from './executions.ts';

/** @param directory of the executions' files, of which those are read that are asked for */
export function executionsAtRest(directory: string) {
  const kept = new Executions(directory);
  const invoke = () => Promise.reject(new Error('Nothing runs at rest.'));
  const stepFunctions = new StepFunctions({ accountId: ACCOUNT, region: REGION, invoke });
  const { operations } = stepFunctions;
  const known = new Set<string>();
  const recall = (executionArn: string) => {
    const execution = known.has(executionArn) ? undefined : kept.read(executionArn);
    known.add(executionArn);
    if (execution) stepFunctions.restore([execution]);
  };
  return {
    DescribeExecution: (input: { executionArn: string }) => {
      recall(input.executionArn);
      return operations.DescribeExecution(input);
    },
    GetExecutionHistory: (input: Parameters<typeof operations.GetExecutionHistory>[0]) => {
      recall(input.executionArn);
      return operations.GetExecutionHistory(input);
    },
    DescribeMapRun: operations.DescribeMapRun,
    ListExecutions: operations.ListExecutions,
  };
}

/** Rights as task types declare them, in the words of this deployment. */
import { Aws, type Stack } from 'aws-cdk-lib/core';
import type { Right } from '#lib/contract/rights.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { statesArn } from './states-arn.ts';

/**
 * The rights that tasks declare, each once.
 * @param machineName of another pipeline
 */
export function declaredRights(
  stack: Stack,
  tasks: readonly GraphTask[],
  machineName: (pipeline: string) => string,
): Right[] {
  const inPlace = (text: string) =>
    text.replaceAll(/\$\{(\w+)::([^}]+)\}/g, (whole, kind, name) => {
      if (kind === 'AWS') return ACCOUNT[name] ?? whole;
      if (kind === 'Machine') return statesArn('stateMachine', machineName(name));
      return kind === 'Executions' ? statesArn('execution', `${machineName(name)}:*`) : whole;
    });
  const rights = tasks.flatMap((task) =>
    task.rights.map((right) => ({ ...right, resources: right.resources.map(inPlace) })),
  );
  return [...new Map(rights.map((right) => [JSON.stringify(stack.resolve(right)), right])).values()];
}

const ACCOUNT: Readonly<Record<string, string>> = {
  Partition: Aws.PARTITION,
  Region: Aws.REGION,
  AccountId: Aws.ACCOUNT_ID,
};

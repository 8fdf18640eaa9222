import { Aws } from 'aws-cdk-lib/core';

/** The ARN of a thing of Step Functions in this account and region, by its name. */
export const statesArn = (kind: 'stateMachine' | 'execution' | 'mapRun', name: string): string =>
  `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:${kind}:${name}`;

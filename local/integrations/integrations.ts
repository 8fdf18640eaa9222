/** What the Tasks of state machines can do on the embedded AWS. */
import type { Lambda } from '../lambda/index.ts';
import type { Sns } from '../sns/index.ts';
import type { StepFunctions } from '../stepfunctions/index.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { type SdkService, sdkCall } from './sdk.ts';
import { snsPublish } from './sns-publish.ts';
import { startExecution, startExecutionSync } from './start-execution.ts';
import { type Integration, TaskFailed } from './task.ts';

export interface Integrated {
  readonly lambda: Lambda;
  readonly sns: Sns;
  /** Called when a Task needs it: the service and its integrations need each other. */
  readonly stepFunctions: () => StepFunctions;
  /** By their names in a Resource. */
  readonly sdk: Readonly<Record<string, SdkService>>;
}

const PREFIX = 'arn:aws:states:::';

/** Carries out an attempt of any Task whose resource the embedded AWS has; others fail by name. */
export function integrations({ lambda, sns, stepFunctions, sdk }: Integrated): Integration {
  const optimised: Readonly<Record<string, Integration>> = {
    'lambda:invoke': lambdaInvoke(lambda),
    'sns:publish': snsPublish(sns),
    'states:startExecution': startExecution(stepFunctions),
    'states:startExecution.sync': startExecutionSync(stepFunctions, 'text'),
    'states:startExecution.sync:2': startExecutionSync(stepFunctions, 'json'),
  };
  const callSdk = sdkCall(sdk);
  return async (task) => {
    const { resource } = task;
    if (resource.startsWith(`${PREFIX}aws-sdk:`)) return callSdk(task);
    const name = resource.slice(PREFIX.length);
    const integration = resource.startsWith(PREFIX) && Object.hasOwn(optimised, name) ? optimised[name] : undefined;
    if (integration) return integration(task);
    const known = [...Object.keys(optimised), 'aws-sdk'].join(', ');
    throw new TaskFailed('States.Runtime', `The embedded AWS does not carry out ${resource}; it knows ${known}.`);
  };
}

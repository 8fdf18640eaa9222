import { type EventContent, failureOf, inputOf, outputOf } from '../history/events.ts';

interface Failure {
  error?: string | undefined;
  cause?: string | undefined;
}

export interface TaskLimits {
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
}

/** The events that tell of a Task's work: event types begin with `prefix`. */
export interface TaskEvents {
  prefix: 'LambdaFunction' | 'Task';
  scheduled(argumentsJson: string, limits: TaskLimits): EventContent;
  started(): EventContent;
  /** The work was handed over to somebody who will tell of its end. */
  submitted(outputJson: string): EventContent;
  succeeded(outputJson: string): EventContent;
  failed(failure: Failure): EventContent;
  timedOut(failure: Failure): EventContent;
}

/** A function's ARN as Resource has events of its own; everything else is an integration with a service. */
export const taskEvents = (resource: string, region: string): TaskEvents =>
  resource.startsWith('arn:aws:states:') ? serviceEvents(resource, region) : lambdaEvents(resource);

function lambdaEvents(resource: string): TaskEvents {
  return {
    prefix: 'LambdaFunction',
    scheduled: (json, limits) => ({ lambdaFunctionScheduledEventDetails: { resource, ...inputOf(json), ...limits } }),
    started: () => ({}),
    submitted: () => ({}),
    succeeded: (json) => ({ lambdaFunctionSucceededEventDetails: outputOf(json) }),
    failed: (failure) => ({ lambdaFunctionFailedEventDetails: failureOf(failure) }),
    timedOut: (failure) => ({ lambdaFunctionTimedOutEventDetails: failureOf(failure) }),
  };
}

/** `arn:aws:states:::aws-sdk:s3:getObject` → resource type `aws-sdk:s3`, resource `getObject`. */
function serviceEvents(arn: string, region: string): TaskEvents {
  const integration = arn.split(':').slice(5);
  const of = { resourceType: integration.slice(0, -1).join(':'), resource: integration.at(-1) };
  return {
    prefix: 'Task',
    scheduled: (parameters, limits) => ({ taskScheduledEventDetails: { ...of, region, parameters, ...limits } }),
    started: () => ({ taskStartedEventDetails: of }),
    submitted: (json) => ({ taskSubmittedEventDetails: { ...of, ...outputOf(json) } }),
    succeeded: (json) => ({ taskSucceededEventDetails: { ...of, ...outputOf(json) } }),
    failed: (failure) => ({ taskFailedEventDetails: { ...of, ...failureOf(failure) } }),
    timedOut: (failure) => ({ taskTimedOutEventDetails: { ...of, ...failureOf(failure) } }),
  };
}

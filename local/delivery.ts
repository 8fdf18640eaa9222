/** From a rule, a schedule or a failed function to the resource that an ARN names. */
import { randomUUID } from 'node:crypto';
import type { AsyncInvocations, Deliver } from './lambda/index.ts';
import { EmbeddedAwsError } from './machine/errors.ts';
import type { Sns } from './sns/index.ts';
import { sendMessage } from './sqs/queues.ts';
import type { StepFunctions } from './stepfunctions/index.ts';

interface Receivers {
  readonly asyncInvocations: AsyncInvocations;
  readonly sns: Sns;
  readonly stepFunctions: StepFunctions;
  /** The directory of the queues' files. */
  readonly queues: string;
}

type Receive = (to: Receivers, targetArn: string, payload: string) => unknown;

/** By the service in the target's ARN. */
const RECEIVE: Record<string, Receive> = {
  // EventBridge names executions `<event>_<target>`.
  states: ({ stepFunctions }, stateMachineArn, input) =>
    stepFunctions.operations.StartExecution({ stateMachineArn, name: `${randomUUID()}_${randomUUID()}`, input }),
  lambda: ({ asyncInvocations }, functionArn, payload) => asyncInvocations.invoke(functionArn, payload),
  sns: ({ sns }, TopicArn, Message) => sns.operations.Publish({ TopicArn, Message }),
  sqs: ({ queues }, queueArn, body) => sendMessage(queues, queueArn, body),
};

/** @returns what gives JSON to the resource of an ARN. It rejects when the resource does not take it. */
export const deliverer =
  (to: Receivers): Deliver =>
  async (targetArn, payload) => {
    const receive = RECEIVE[targetArn.split(':')[2] ?? ''];
    if (!receive) {
      throw new EmbeddedAwsError(
        `The embedded AWS delivers to state machines, functions, topics and queues, not to ${targetArn}.`,
      );
    }
    await receive(to, targetArn, payload);
  };

/** Step Functions' optimised integration with Lambda: `arn:aws:states:::lambda:invoke`. */
import type { Lambda } from '../lambda/index.ts';
import { answerDetails } from './answer.ts';
import { type Integration, orTaskFailed, TaskFailed } from './task.ts';

const TOLD = { prefix: 'Lambda', service: 'AWSLambda' };

export const lambdaInvoke =
  (lambda: Lambda): Integration =>
  async ({ arguments: parameters, signal }) => {
    const { FunctionName, Payload = {} } = parameters as { FunctionName: string; Payload?: unknown };
    const invoked = await orTaskFailed(TOLD, () => lambda.invoke(FunctionName, JSON.stringify(Payload), signal));
    const { executedVersion, payload: text, requestId } = invoked;
    const payload: unknown = JSON.parse(text);
    if (invoked.failed) throw new TaskFailed((payload as { errorType: string }).errorType, text);
    return {
      ExecutedVersion: executedVersion,
      Payload: payload,
      ...answerDetails(requestId, {
        'Content-Length': String(Buffer.byteLength(text)),
        'Content-Type': 'application/json',
        'X-Amz-Executed-Version': executedVersion,
      }),
      StatusCode: 200,
    };
  };

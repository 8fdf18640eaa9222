/** Step Functions' optimised integration with Lambda: `arn:aws:states:::lambda:invoke`. */
import { AwsError } from '../errors.ts';
import type { Invoked, Lambda } from './lambda.ts';

const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';

interface Task {
  readonly resource: string;
  readonly arguments: unknown;
  readonly signal: AbortSignal;
}

/** What Retry and Catch match on. */
class TaskFailed extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = error;
    this.error = error;
    this.cause = cause;
  }
}

/** Carries out an attempt of a Task. @throws with `error` and `cause` as Step Functions reports them */
export const invokeTask =
  (lambda: Lambda) =>
  async ({ resource, arguments: parameters, signal }: Task): Promise<unknown> => {
    if (resource !== LAMBDA_INVOKE) {
      const known = `which carries out ${LAMBDA_INVOKE} only`;
      throw new TaskFailed('States.Runtime', `The resource ${resource} is not part of the embedded AWS, ${known}.`);
    }
    const { FunctionName, Payload = {} } = parameters as { FunctionName: string; Payload?: unknown };
    const invoked = await orTaskFailed(lambda.invoke(FunctionName, JSON.stringify(Payload), signal));
    const payload: unknown = JSON.parse(invoked.payload);
    if (invoked.failed) throw new TaskFailed((payload as { errorType: string }).errorType, invoked.payload);
    return resultOf(invoked, payload);
  };

/** As the console shows it; the headers are those of the answer that AWS would have given. */
function resultOf({ executedVersion, payload: text, requestId }: Invoked, payload: unknown) {
  const headers = {
    'Content-Length': String(Buffer.byteLength(text)),
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': executedVersion,
    'x-amzn-RequestId': requestId,
  };
  return {
    ExecutedVersion: executedVersion,
    Payload: payload,
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}

async function orTaskFailed<T>(invoked: Promise<T>): Promise<T> {
  try {
    return await invoked;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { name, message, status } = error;
    const details = `Service: AWSLambda; Status Code: ${status}; Error Code: ${name}; Request ID: embedded; Proxy: null`;
    throw new TaskFailed(`Lambda.${name}`, `${message} (${details})`);
  }
}

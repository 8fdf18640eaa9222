/** Lambda's REST API, as far as it is served: Invoke and GetFunctionConfiguration. */

import type { Answer, Asked, Handler } from '../endpoint/index.ts';
import { AwsError } from '../machine/errors.ts';
import type { AsyncInvocations } from './async-invocation.ts';
import type { FunctionConfiguration } from './function.ts';
import type { Invoked, Lambda } from './lambda.ts';

const CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/;
const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export const lambdaHandler =
  (lambda: Lambda, events: AsyncInvocations): Handler =>
  async (asked) => {
    const [, described] = (asked.method === 'GET' && CONFIGURATION.exec(asked.url.pathname)) || [];
    if (described !== undefined) return configurationOf(lambda.find(decodeURIComponent(described)).fn);
    const target = targetOf(asked);
    const payload = validJson(asked.body.toString() || '{}');
    const type = asked.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'RequestResponse') return answerOf(await lambda.invoke(target, payload));
    if (type === 'Event') events.invoke(target, payload);
    else lambda.find(target);
    return { status: type === 'Event' ? 202 : 204, headers: {}, body: '' };
  };

/** The function's name or ARN, with its qualifier. */
function targetOf({ method, url }: Asked): string {
  const [, encoded] = (method === 'POST' && INVOKE.exec(url.pathname)) || [];
  if (encoded === undefined) {
    throw new AwsError('NotImplemented', `Lambda's ${method} ${url.pathname} is not part of the embedded AWS.`, 501);
  }
  const qualifier = url.searchParams.get('Qualifier');
  return decodeURIComponent(encoded) + (qualifier ? `:${qualifier}` : '');
}

const configurationOf = (fn: FunctionConfiguration): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: 'nodejs24.x',
    Handler: fn.handler,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMegabytes,
    Environment: { Variables: fn.environment },
    LoggingConfig: { LogGroup: fn.logGroup },
  }),
});

const answerOf = ({ executedVersion, failed, payload }: Invoked): Answer => ({
  status: 200,
  headers: {
    'content-type': 'application/json',
    'x-amz-executed-version': executedVersion,
    ...(failed && { 'x-amz-function-error': 'Unhandled' }),
  },
  body: payload,
});

function validJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new AwsError('InvalidRequestContentException', message);
  }
}

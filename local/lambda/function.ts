/** A function as it is deployed. */
import { clientEnvironment } from '../machine/account.ts';

export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** The directory that would be zipped and uploaded. */
  readonly code: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
}

/** The whole environment of a function's process: nothing of the host's but PATH. */
export const environmentOf = (
  fn: FunctionConfiguration,
  { endpoint, path, version }: { endpoint: string; path: string; version: string },
): Record<string, string> => ({
  ...clientEnvironment(endpoint),
  ...fn.environment,
  PATH: path,
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  _HANDLER: fn.handler,
  LAMBDA_TASK_ROOT: fn.code,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: fn.name,
  AWS_LAMBDA_FUNCTION_VERSION: version,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: `[${version}]`,
});

/** One attempt of a Step Functions Task, and its failure as Retry and Catch see it. */
import { errorOf } from '../endpoint/index.ts';
import type { Task } from '../stepfunctions/index.ts';

/** Carries out an attempt. @throws TaskFailed */
export type Integration = (task: Task) => Promise<unknown>;

export class TaskFailed extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = error;
    this.error = error;
    this.cause = cause;
  }
}

/** How a service's errors are told. */
interface Told {
  /** Before the error's name, such as `Lambda`. */
  readonly prefix: string;
  /** The service's name in the cause, such as `AWSLambda`. */
  readonly service: string;
}

/** What the service gave; its refusal is the Task's failure, worded as the AWS SDK for Java does. */
export async function orTaskFailed<T>({ prefix, service }: Told, call: () => T): Promise<Awaited<T>> {
  try {
    return await call();
  } catch (error) {
    const { code, message, status } = errorOf(error);
    const details = `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: embedded; Proxy: null`;
    throw new TaskFailed(`${prefix}.${code.replace(/(Exception)?$/, 'Exception')}`, `${message} (${details})`);
  }
}

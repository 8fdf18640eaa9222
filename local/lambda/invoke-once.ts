/** A function in a process of its own that ends with the invocation, for code that is deployed nowhere. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arn } from '../machine/account.ts';
import { HOST } from '../machine/host.ts';
import type { Outcome } from './execution-environment.ts';
import type { FunctionConfiguration } from './function.ts';
import { Pool } from './pool.ts';

export interface InvokedOnce extends Outcome {
  /** What it printed, line by line. */
  readonly lines: readonly string[];
}

/**
 * @param directory gets what it prints, and what Node.js keeps of compiled code
 * @example
 * await invokeOnce({ name: 'x', code: 'build/x', … }, { endpoint: aws.url, payload: '{}', directory });
 */
export async function invokeOnce(
  fn: Omit<FunctionConfiguration, 'arn'>,
  { endpoint, payload, directory }: { endpoint: string; payload: string; directory: string },
): Promise<InvokedOnce> {
  const logs = join(directory, 'logs');
  const invokedFunctionArn = arn('lambda', `function:${fn.name}`);
  const host = { endpoint, path: HOST.PATH, logs, cache: join(directory, 'cache') };
  const pool = new Pool({ ...fn, arn: invokedFunctionArn }, '$LATEST', host);
  try {
    const outcome = await pool.invoke({ payload, requestId: randomUUID(), invokedFunctionArn });
    return { ...outcome, lines: linesIn(join(logs, `${fn.name}.log`)) };
  } finally {
    await pool.close();
  }
}

const linesIn = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

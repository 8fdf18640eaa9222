/** The function of one task type with the code that is here now, in a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { AppError } from '#lib/constructs/errors.ts';
import { bundle } from '#lib/constructs/functions/bundles.ts';
import { taskCode } from '#lib/constructs/functions/task-code.ts';
import type { TaskEvent } from '#lib/contract/envelope.ts';
import type { TableDeclaration } from '#lib/contract/table.ts';
import type { Graph } from '#lib/dag/index.ts';
import { invokeOnce } from '#local/index.ts';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface TaskCode {
  readonly graph: Graph;
  readonly tables: readonly TableDeclaration[];
  readonly type: string;
}

export interface Invoked {
  /** JSON: the output, or `{errorType, errorMessage}`. */
  readonly payload: string;
  readonly failed: boolean;
  readonly lines: readonly string[];
}

/** The code of a task type's function, in a directory that is there until it is removed. */
export interface BuiltCode extends AsyncDisposable {
  readonly directory: string;
  /** @throws UsageError, where it does not bundle */
  readonly code: Promise<string>;
}

/** Begins to bundle that type alone, by a process of its own. */
export function buildTask(code: TaskCode): BuiltCode {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const built = build(code, directory);
  // Whoever takes the code meets its error; where nobody comes to take it, another one is told.
  const settled = Promise.allSettled([built]);
  const remove = async () => {
    await settled;
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, code: built, [Symbol.asyncDispose]: remove };
}

/**
 * Invokes the code with the settings of its deployed function.
 * @throws UsageError where the code does not bundle, or no such function is deployed
 */
export async function invokeTask(
  deployment: Deployment,
  of: Pick<TaskCode, 'graph' | 'type'>,
  { built, event }: { readonly built: BuiltCode; readonly event: TaskEvent },
): Promise<Invoked> {
  const deployed = await configurationOf(deployment, of);
  const { endpoint = '' } = deployment.aws.config;
  const how = { endpoint, payload: JSON.stringify(event), directory: built.directory };
  return invokeOnce({ ...deployed, code: await built.code }, how);
}

async function build({ graph, tables, type }: TaskCode, directory: string): Promise<string> {
  const props = { root: ROOT, outdir: join(directory, 'bundle') };
  const bundled = await bundle({ [type]: `lambdas/tasks/${type}/handler.ts` }, props);
  try {
    const tasks = graph.tasks.filter((task) => task.type === type);
    return taskCode({ root: ROOT, bundle: bundled(type), tables: [...tables], tasks, outdir: join(directory, 'code') });
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(error.message);
    throw error;
  }
}

async function configurationOf({ aws, name }: Deployment, { graph, type }: Pick<TaskCode, 'graph' | 'type'>) {
  const client = new LambdaClient(aws.config);
  const FunctionName = `${name}-${graph.id}-${type}`;
  try {
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return {
      name: FunctionName,
      handler: found.Handler ?? '',
      timeoutSeconds: found.Timeout ?? 0,
      memoryMegabytes: found.MemorySize ?? 0,
      environment: found.Environment?.Variables ?? {},
      logGroup: found.LoggingConfig?.LogGroup ?? '',
    };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new UsageError(
      `The embedded AWS has no function for ${type} tasks of ${graph.id} yet: \`npx sluice run ${graph.id}\` brings it there.`,
    );
  }
}

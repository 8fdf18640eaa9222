import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Terminal } from '#lib/contract/errors.ts';
import { pipelineFile, type TableDeclaration } from '#lib/contract/table.ts';
import type { TaskEnvironment } from './environment.ts';

/** Every table that the pipeline declares, from the pipeline.json that lies beside the function's code. */
export async function declaredTables({ LAMBDA_TASK_ROOT }: TaskEnvironment): Promise<TableDeclaration[]> {
  const text = await readFile(join(LAMBDA_TASK_ROOT, 'pipeline.json'), 'utf8');
  return pipelineFile.parse(JSON.parse(text)).tables;
}

/**
 * The declaration of a table.
 * @throws Terminal where the pipeline declares no such table
 */
export async function declaredTable(environment: TaskEnvironment, name: string): Promise<TableDeclaration> {
  const tables = await declaredTables(environment);
  const table = tables.find((declared) => declared.name === name);
  if (table) return table;
  const known = tables.map((declared) => declared.name).join(', ') || 'none';
  throw new Terminal(`The pipeline declares no table '${name}' (it has: ${known}). Declare it in its tables.ts.`);
}

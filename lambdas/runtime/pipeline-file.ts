import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipelineFile, type TableDeclaration } from '#lib/contract/table.ts';
import type { TaskEnvironment } from './environment.ts';
import { Terminal } from './errors.ts';

/**
 * The declaration of a table, from the pipeline.json that lies beside the function's code.
 * @throws Terminal where the pipeline declares no such table
 */
export async function declaredTable(environment: TaskEnvironment, name: string): Promise<TableDeclaration> {
  const path = join(environment.LAMBDA_TASK_ROOT, 'pipeline.json');
  const { tables } = pipelineFile.parse(JSON.parse(await readFile(path, 'utf8')));
  const table = tables.find((declared) => declared.name === name);
  if (table) return table;
  const known = tables.map((declared) => declared.name).join(', ') || 'none';
  throw new Terminal(`The pipeline declares no table '${name}' (it has: ${known}). Declare it in its tables.ts.`);
}

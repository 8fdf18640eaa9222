/** What the process of a function has: its environment, and pipeline.json beside the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '#lib/contract/table.ts';
import { type Aws, BUCKET } from './aws.ts';

export const github = { connection: 'github', type: 'github' } as const;
const SECRET = 'github-secret';

/** To be called before the handler's first event. */
export function describeFunction(aws: Aws, tables: readonly Table[] = []): void {
  writeFileSync(join(aws.dir, 'pipeline.json'), JSON.stringify({ tables }));
  Object.assign(process.env, {
    SLUICE_BUCKET: BUCKET,
    SLUICE_CONNECTIONS: JSON.stringify({ [github.connection]: SECRET }),
    LAMBDA_TASK_ROOT: aws.dir,
  });
}

export const setToken = (aws: Aws, token: string, baseUrl: string) =>
  aws.setSecret(SECRET, JSON.stringify({ token, baseUrl }));

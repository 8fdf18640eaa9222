import { expect, test } from 'vitest';
import { askDatabase } from '#lib/cli/deployment/databases.ts';
import type { Deployment } from '#lib/cli/deployment/deployment.ts';

test('a database that only functions reach is not asked: the error says where people do', async () => {
  const pipelines = [{ databases: ['shop-db'], connections: { files: 'Sluice/connections/files' } }];
  const deployment = { name: 'Sluice', pipelines } as unknown as Deployment;
  const asked = askDatabase(deployment, { connection: 'shop-db', sql: 'SELECT 1', mayChange: false });
  await expect(asked).rejects.toThrow(/'shop-db' leads to Aurora of the deployment's own, .* query editor/);
});

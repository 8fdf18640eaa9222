/** What is left of a run's source, and of those of `sluice local`, where they are killed. */
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, expect, test } from 'vitest';
import { exported, freePort } from '../worlds/served.ts';
import { Sluice } from '../worlds/sluice.ts';

const sluice = new Sluice();
afterAll(() => sluice[Symbol.dispose]());

const T = '2026-11-01T00:00:00Z';

/** A directory whose one repository has so many issues. */
function sourceOf(issues: number): string {
  const source = join(sluice.state, `source-${issues}`);
  mkdirSync(join(source, 'astronomerio', 'core'), { recursive: true });
  const line = (id: number) =>
    JSON.stringify({ id, number: id, title: 'x', state: 'open', created_at: T, updated_at: T, comments: 0 });
  writeFileSync(
    join(source, 'astronomerio/core/issues.ndjson'),
    Array.from({ length: issues }, (_, at) => line(at + 1)).join('\n'),
  );
  return source;
}

async function serve() {
  const local = sluice.start('local', '--port', String(await freePort()));
  const env = await exported(local.stdout);
  const client = new SecretsManagerClient({
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const names = async () =>
    ((await client.send(new ListSecretsCommand({}))).SecretList ?? []).map(({ Name = '' }) => Name);
  return { local, names };
}

const args = (date: string, issues: number) =>
  ['run', 'github-to-redshift', '--date', date, '--source', sourceOf(issues)] as const;
const isOfRun = (name: string) => name.startsWith('Sluice/runs/');

test('what commands leave that are killed is gone with the next start', async () => {
  const { local, names } = await serve();
  const killed = sluice.start(...args('2026-11-20', 1));
  try {
    await expect.poll(async () => (await names()).filter(isOfRun)).toHaveLength(1);
  } finally {
    for (const child of [killed, local]) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  const listed = await sluice.json<{ connection: string; secret: string; set: boolean }[]>('connection', 'list');
  expect(listed).toContainEqual({
    connection: 'astronomerio-github',
    secret: 'Sluice/connections/astronomerio-github',
    set: false,
  });
  expect(readFileSync(join(sluice.state, 'secrets.json'), 'utf8')).not.toMatch(/Sluice\/(runs|before-local)\//);
});

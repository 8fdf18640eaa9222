/** What `sluice list` says of runs whose records nobody closed, or that cannot be read. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { openEndpoint } from '#local/endpoint/endpoint.ts';
import { createS3, type S3 } from '#local/s3/index.ts';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const dag = (id: string) => `
import { Dag } from '#sluice';

export const dag = new Dag('${id}', { schedule: '@daily', startDate: '2026-01-01' });
dag.empty('nothing');
`;
const NAMES = ['whole', 'open', 'changed', 'cut'] as const;
const keyOf = (name: string) => `runs/${name}/20261119T000000Z/run.json`;

/** Works on the lake between two commands. */
async function atLake(work: (lake: { s3: S3; bucket: string; client: S3Client }) => Promise<void> | void) {
  const s3 = createS3({ dir: join(sluice.state, 's3') });
  const endpoint = await openEndpoint(0);
  endpoint.raw.set('s3', s3.handle);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({ endpoint: endpoint.url, region: 'us-east-1', credentials, forcePathStyle: true });
  try {
    const buckets = readdirSync(join(sluice.state, 's3')).filter((name) => s3.keysOf(name, 'runs/').length > 0);
    await work({ s3, client, bucket: buckets[0] ?? '' });
  } finally {
    client.destroy();
    await endpoint.close();
    s3.close();
  }
}

test('a run whose record is open is interrupted, one whose record cannot be read damaged; the others are as they are', async () => {
  for (const name of NAMES) project.write(`lib/pipelines/${name}.ts`, dag(name));
  project.list(Object.fromEntries(NAMES.map((name) => [name, { file: `${name}.ts`, dag: 'dag' }])));
  for (const name of NAMES) expect((await sluice.run('run', name, '--date', '2026-11-19')).code).toBe(0);
  const files: Record<string, string> = {};
  await atLake(async ({ s3, bucket, client }) => {
    for (const name of NAMES) files[name] = s3.pathOf(bucket, keyOf(name)) ?? '';
    const open = readFileSync(files['open'] ?? '', 'utf8').replace('"success"', '"running"');
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf('open'), Body: open }));
  });
  const [changed = '', cut = ''] = [files['changed'], files['cut']];
  writeFileSync(changed, readFileSync(changed, 'utf8').replace('"success"', '"failure"'));
  writeFileSync(cut, readFileSync(cut, 'utf8').slice(0, 40));

  const states = async () => {
    const listed = await sluice.json<{ pipeline: string; newestRun: { state: string } | null }[]>('list');
    return Object.fromEntries(listed.map(({ pipeline, newestRun }) => [pipeline, newestRun?.state]));
  };
  expect(await states()).toEqual({ whole: 'success', open: 'interrupted', changed: 'damaged', cut: 'damaged' });
  const { stdout, stderr, code } = await sluice.run('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/open .* interrupted/);
  expect(stdout).toMatch(/cut .* damaged/);
  for (const name of ['changed', 'cut']) expect(stderr).toContain(keyOf(name));
  expect(stderr).toContain('Remove the object and run that date again.');
  const status = await sluice.run('status', 'changed');
  expect(status.stderr).toContain(keyOf('changed'));
  expect(status.stderr).not.toContain('internal error');

  // The way out of both: the date once more, after the damaged object is removed as it says.
  rmSync(cut);
  for (const name of ['open', 'cut'])
    expect(await sluice.run('run', name, '--date', '2026-11-19')).toMatchObject({ code: 0 });
});

import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeDir, type ServedS3, serveS3 } from '../../worlds/local/s3-server.ts';

const hasCli = spawnSync('aws', ['--version']).status === 0;

let served: ServedS3;
beforeAll(async () => {
  served = await serveS3();
  mkdirSync(join(served.dir, 'files'));
});
afterAll(async () => {
  await served.stop();
  removeDir(served.dir);
});

const aws = async (...args: string[]) => {
  const env = {
    PATH: process.env['PATH'],
    HOME: served.dir,
    AWS_ENDPOINT_URL: served.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  return (await promisify(execFile)('aws', args, { env })).stdout;
};

test.skipIf(!hasCli)('the AWS CLI copies a file of several parts in and out, lists, and removes it', async () => {
  const [from, to] = [join(served.dir, 'files/from'), join(served.dir, 'files/to')];
  const bytes = randomBytes(20 * 1024 * 1024 + 5);
  writeFileSync(from, bytes);
  await aws('s3', 'mb', 's3://from-cli');
  await aws('s3', 'cp', from, 's3://from-cli/some dir/file+ü', '--no-progress');
  expect(await aws('s3', 'ls', 's3://from-cli', '--recursive')).toContain(`${bytes.length} some dir/file+ü`);
  await aws('s3', 'cp', 's3://from-cli/some dir/file+ü', to, '--no-progress');
  expect(readFileSync(to).equals(bytes)).toBe(true);
  await aws('s3', 'rm', 's3://from-cli', '--recursive');
  expect(await aws('s3', 'ls', 's3://from-cli/')).toBe('');
});

test.skipIf(!hasCli)('the AWS CLI writes under a condition and reads what a head says', async () => {
  const file = join(served.dir, 'files/small');
  writeFileSync(file, 'small');
  const put = ['s3api', 'put-object', '--bucket', 'lake', '--key', 'once', '--body', file, '--if-none-match', '*'];
  await aws(...put, '--checksum-algorithm', 'SHA256');
  await expect(aws(...put)).rejects.toThrow(/PreconditionFailed/);
  const head = JSON.parse(await aws('s3api', 'head-object', '--bucket', 'lake', '--key', 'once'));
  expect(head).toMatchObject({ ContentLength: 5, ETag: '"eb5c1399a871211c7e7ed732d15e3a8b"' });
  const address = await aws('s3', 'presign', 's3://lake/once');
  expect(await (await fetch(address.trim())).text()).toBe('small');
});

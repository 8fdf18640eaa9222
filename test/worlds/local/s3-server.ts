import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { createS3, type S3 } from '#local/s3/index.ts';

export interface ServedS3 {
  readonly s3: S3;
  readonly client: S3Client;
  readonly url: string;
  readonly dir: string;
  stop(): Promise<void>;
}

/** An embedded S3 with the bucket `lake`, behind a real port, with a real client on it. */
export const serveS3 = async (dir = mkdtempSync(join(tmpdir(), 'sluice-s3-'))): Promise<ServedS3> => {
  const s3 = createS3({ dir, buckets: ['lake'] });
  const server = createServer((request, response) => void s3.handle(request, response));
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  });
  const stop = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    s3.close();
  };
  return { s3, client, url, dir, stop };
};

export const removeDir = (dir: string): void => rmSync(dir, { recursive: true, force: true });

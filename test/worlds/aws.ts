/** S3 and Secrets Manager of the embedded AWS, for tests of what runs in Lambdas. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { openEndpoint } from '#local/endpoint/endpoint.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { createS3 } from '#local/s3/index.ts';
import { SecretsManager } from '#local/secrets-manager/secrets-manager.ts';

export const BUCKET = 'lake';

export type Aws = Awaited<ReturnType<typeof openAws>>;

/** Starts both and points the SDKs of this process there. */
export async function openAws() {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const s3 = createS3({ dir: join(dir, 's3'), buckets: [BUCKET] });
  const secrets = new SecretsManager(join(dir, 'secrets.json'));
  const endpoint = await openEndpoint(0);
  endpoint.raw.set('s3', s3.handle);
  endpoint.handlers.set('secretsmanager', jsonHandler('secretsmanager', secrets.operations));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const client = new S3Client();

  const keys = async (prefix = '') => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const bytes = async (key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const lines = async (parts: readonly { key: string }[]) => {
    const texts = await Promise.all(parts.map(async ({ key }) => gunzipSync(await bytes(key)).toString()));
    return texts.flatMap((text) => text.split('\n').slice(0, -1));
  };
  const setSecret = (name: string, value: string) => {
    secrets.ensure(name, { value: () => value });
    return secrets.operations.PutSecretValue({ SecretId: name, SecretString: value });
  };
  const close = async () => {
    client.destroy();
    await endpoint.close();
    s3.close();
    rmSync(dir, { recursive: true });
  };
  return { dir, client, endpoint, s3, secrets, keys, bytes, lines, setSecret, close };
}

/** Rows in quarantine, read from the data lake. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { attemptOfKey, attemptsPrefix, newestManifest } from '#lib/runs/keys.ts';
import type { Deployment } from './deployment.ts';

/** `base64`: the bytes of a record that is no UTF-8. */
const line = z.object({
  reason: z.string(),
  column: z.string().optional(),
  record: z.string(),
  base64: z.string().optional(),
});

/** A record that does not meet the declaration of its table. */
export interface QuarantinedRow extends z.output<typeof line> {
  readonly pipeline: string;
  readonly logicalDate: string;
  readonly dataset: string;
  /** What of the dataset gave it: a repository, or a task. */
  readonly of: string;
}

interface Wanted {
  readonly pipeline: string;
  /** Of one run; without it, of every run. */
  readonly runId?: string | undefined;
}

/** What is read of an attempt's manifest. */
const manifest = z.object({ quarantine: z.array(z.object({ key: z.string() })) });

/**
 * What is in quarantine now: of each list that a run read, the rows that its newest whole attempt put there. What earlier
 * attempts put there has been taken again since.
 */
export async function quarantinedRows(deployment: Deployment, { pipeline, runId }: Wanted): Promise<QuarantinedRow[]> {
  const attempts = (await list(deployment, `quarantine/${pipeline}/`)).flatMap((key) => attemptOfKey(key) ?? []);
  const wanted = attempts.filter((attempt) => runId === undefined || attempt.runId === runId);
  const lists = new Map(wanted.map((attempt) => [attemptsPrefix('raw', attempt, attempt), attempt]));
  const rows = [...lists].map(async ([prefix, { logicalDate, dataset, of }]) =>
    (await newestRows(deployment, prefix)).map((row) => ({ pipeline, logicalDate, dataset, of, ...row })),
  );
  return (await Promise.all(rows)).flat();
}

async function newestRows(deployment: Deployment, attempts: string) {
  const newest = newestManifest(await list(deployment, attempts));
  if (newest === undefined) return [];
  const { quarantine } = manifest.parse(JSON.parse((await read(deployment, newest)).toString()));
  const parts = quarantine.map(async ({ key }) => gunzipSync(await read(deployment, key)).toString());
  const lines = (await Promise.all(parts)).flatMap((text) => text.split('\n').slice(0, -1));
  return lines.map((json) => line.parse(JSON.parse(json)));
}

async function list({ aws, platform }: Deployment, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: aws.s3 }, { Bucket: platform.Bucket, Prefix }))
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  return keys;
}

async function read({ aws, platform }: Deployment, Key: string): Promise<Buffer> {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: platform.Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

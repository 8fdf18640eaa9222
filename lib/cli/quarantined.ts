/** Rows in quarantine, read from the data lake. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { attemptOfKey, attemptsPrefix, newestManifest } from '#lib/contract/keys.ts';
import type { Deployment } from './deployment.ts';

const line = z.object({ reason: z.string(), column: z.string().optional(), record: z.string() });

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

/**
 * What is in quarantine now: of each list that a run read, the rows that its newest whole attempt put there. What earlier
 * attempts put there has been taken again since.
 */
export async function quarantinedRows(deployment: Deployment, { pipeline, runId }: Wanted): Promise<QuarantinedRow[]> {
  const keys = await list(deployment, `quarantine/${pipeline}/`);
  const files = keys.flatMap((key) => {
    const attempt = attemptOfKey(key);
    return attempt && (runId === undefined || attempt.runId === runId) ? [{ key, attempt }] : [];
  });
  const lists = Map.groupBy(files, ({ attempt }) => attemptsPrefix('raw', attempt, attempt));
  const rows = [...lists].map(async ([raw, found]) => {
    const newest = attemptOfKey(newestManifest(await list(deployment, raw)) ?? '')?.attempt;
    const counting = found.filter(({ attempt }) => attempt.attempt === newest);
    return Promise.all(
      counting.map(async ({ key, attempt: { dagId, logicalDate, dataset, of } }) =>
        (await lines(deployment, key)).map((row) => ({ pipeline: dagId, logicalDate, dataset, of, ...row })),
      ),
    );
  });
  return (await Promise.all(rows)).flat(2);
}

async function list({ aws, platform }: Deployment, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: aws.s3 }, { Bucket: platform.Bucket, Prefix }))
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  return keys;
}

async function lines({ aws, platform }: Deployment, Key: string) {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: platform.Bucket, Key }));
  const text = gunzipSync((await Body?.transformToByteArray()) ?? '').toString();
  return text
    .split('\n')
    .slice(0, -1)
    .map((json) => line.parse(JSON.parse(json)));
}

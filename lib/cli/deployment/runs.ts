/** Run records, read from the data lake. */
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { runRecordKey, runRecordPrefix } from '#lib/runs/keys.ts';
import { type RunRecord, runRecord } from '#lib/runs/run-record.ts';
import type { Deployment } from './deployment.ts';

/** Undefined where the run never began. */
export async function readRun(
  { aws, platform }: Deployment,
  run: { readonly dagId: string; readonly runId: string },
): Promise<RunRecord | undefined> {
  try {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: platform.Bucket, Key: runRecordKey(run) }));
    return runRecord.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** The record with the newest logical date. */
export async function newestRun(deployment: Deployment, dagId: string): Promise<RunRecord | undefined> {
  const Prefix = runRecordPrefix(dagId);
  const runIds: string[] = [];
  const list = { Bucket: deployment.platform.Bucket, Prefix, Delimiter: '/' };
  for await (const page of paginateListObjectsV2({ client: deployment.aws.s3 }, list))
    runIds.push(...(page.CommonPrefixes ?? []).map((folder) => folder.Prefix?.slice(Prefix.length, -1) ?? ''));
  const runId = runIds.at(-1);
  return runId === undefined ? undefined : readRun(deployment, { dagId, runId });
}

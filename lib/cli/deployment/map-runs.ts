/** What a run's distributed Maps come to: their items are executions of their own, and the run's history is silent. */
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DescribeMapRunCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { run } from '#lib/contract/envelope.ts';
import { ledgerPrefix } from '#lib/runs/keys.ts';
import { failedItems, itemsOf, type MapRunItems, type MapRunReader } from '#lib/runs/map-run.ts';
import { type HistoryEvent, type MapRunStart, mapRunsOf, type Try } from '#lib/runs/task-history.ts';
import type { Deployment } from './deployment.ts';
import { history } from './history.ts';

export interface MapRun extends MapRunItems {
  /** Once it has ended: the last tries of the first items that failed. */
  readonly failures: readonly Try[];
  /** Once it has ended: the items' results in the ledger. */
  readonly results: readonly Result[];
}

const result = z.object({ output: z.unknown(), attempt: z.int() });
type Result = z.output<typeof result>;

/** @returns what tells the distributed Maps of a history; of those that have ended everything is read once */
export function mapRuns({ aws, platform }: Deployment): (events: readonly HistoryEvent[]) => Promise<MapRun[]> {
  const reader = readerOf(aws.stepFunctions);
  const ended = new Map<string, MapRun>();
  const read = async (start: MapRunStart, events: readonly HistoryEvent[]): Promise<MapRun> => {
    const known = ended.get(start.mapRunArn);
    if (known) return known;
    const items = await itemsOf(reader, start);
    if (!items.endedAt) return { ...items, failures: [], results: [] };
    const failures = items.failed > 0 ? await failedItems(reader, start) : [];
    const results = await resultsOf({ aws, platform }, `${ledgerPrefix(runOf(events), start.task)}/`);
    ended.set(start.mapRunArn, { ...items, failures, results });
    return { ...items, failures, results };
  };
  return (events) => Promise.all(mapRunsOf(events).map((start) => read(start, events)));
}

const readerOf = (client: Deployment['aws']['stepFunctions']): MapRunReader => ({
  describe: (mapRunArn) => client.send(new DescribeMapRunCommand({ mapRunArn })),
  failed: async (mapRunArn, maxResults) => {
    const list = new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults });
    return ((await client.send(list)).executions ?? []).flatMap(({ executionArn }) => executionArn ?? []);
  },
  history: (executionArn) => history(client, executionArn),
});

const begun = z.object({ Payload: run.pick({ dagId: true, runId: true, clearing: true }) });

/** The first task of a machine is begin, which gives the run. */
function runOf(events: readonly HistoryEvent[]) {
  const first = events.find(({ taskSucceededEventDetails: details }) => details?.output !== undefined);
  return begun.parse(JSON.parse(first?.taskSucceededEventDetails?.output ?? '{}')).Payload;
}

const READS_AT_ONCE = 32;

async function resultsOf({ aws, platform }: Pick<Deployment, 'aws' | 'platform'>, Prefix: string): Promise<Result[]> {
  const Bucket = platform.Bucket;
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: aws.s3 }, { Bucket, Prefix }))
    keys.push(...Contents.flatMap(({ Key = '' }) => (/^\d+\.json$/.test(Key.slice(Prefix.length)) ? Key : [])));
  const results: Result[] = [];
  for (let from = 0; from < keys.length; from += READS_AT_ONCE) {
    const some = keys.slice(from, from + READS_AT_ONCE).map(async (Key) => {
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
      return result.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    });
    results.push(...(await Promise.all(some)));
  }
  return results;
}

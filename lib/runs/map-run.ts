/** The items of a distributed Map: executions of their own, of which the run's history tells nothing. */
import { DescribeMapRunCommand, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { run } from '#lib/contract/envelope.ts';
import { readHistory } from './history.ts';
import { resultsOfItems, type TaskResult } from './ledger.ts';
import type { Store } from './store.ts';
import { type HistoryEvent, type MapRunStart, mapRunsOf, type Try, triesOf } from './task-history.ts';

export interface MapRunItems extends Pick<MapRunStart, 'task' | 'startedAt'> {
  /** Undefined while it runs. */
  readonly endedAt: Date | undefined;
  /** How many it runs over. */
  readonly items: number;
  /** How many of them have ended, and how many of these did not succeed or skip themselves. */
  readonly ended: number;
  readonly failed: number;
}

export async function readItems(client: SFNClient, { task, startedAt, mapRunArn }: MapRunStart): Promise<MapRunItems> {
  const { stopDate, itemCounts } = await client.send(new DescribeMapRunCommand({ mapRunArn }));
  const { succeeded = 0, failed = 0, timedOut = 0, aborted = 0, total = 0 } = itemCounts ?? {};
  const lost = failed + timedOut + aborted;
  return { task, startedAt, endedAt: stopDate, items: total, ended: succeeded + lost, failed: lost };
}

/** There may be thousands, mostly for one reason. */
const SHOWN = 10;

/** The last tries of items that failed. */
export async function readFailedItems(client: SFNClient, { mapRunArn }: MapRunStart, most = SHOWN): Promise<Try[]> {
  const list = new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults: most });
  const executions = ((await client.send(list)).executions ?? []).flatMap(({ executionArn }) => executionArn ?? []);
  const tries = await Promise.all(executions.map(async (arn) => triesOf(await readHistory(client, arn)).slice(-1)));
  return tries.flat().sort((one, other) => (one.index ?? 0) - (other.index ?? 0));
}

export interface MapRun extends MapRunItems {
  /** Once it has ended: the last tries of the first items that failed. */
  readonly failures: readonly Try[];
  /** Once it has ended: the items' results in the ledger. */
  readonly results: readonly TaskResult[];
}

interface Sources {
  readonly client: SFNClient;
  readonly store: Store;
}

/** @returns what reads the distributed Maps of a history; of those that have ended everything is read once */
export function mapRunReader({ client, store }: Sources): (events: readonly HistoryEvent[]) => Promise<MapRun[]> {
  const ended = new Map<string, MapRun>();
  const read = async (start: MapRunStart, events: readonly HistoryEvent[]): Promise<MapRun> => {
    const known = ended.get(start.mapRunArn);
    if (known) return known;
    const items = await readItems(client, start);
    if (!items.endedAt) return { ...items, failures: [], results: [] };
    const failures = items.failed > 0 ? await readFailedItems(client, start) : [];
    const results = await resultsOfItems(store, runOf(events), start.task);
    const whole = { ...items, failures, results };
    ended.set(start.mapRunArn, whole);
    return whole;
  };
  return (events) => Promise.all(mapRunsOf(events).map((start) => read(start, events)));
}

const beginOutput = z.object({ Payload: run.pick({ dagId: true, runId: true, clearing: true }) });

/** The first task of a machine is begin, which gives the run. */
function runOf(events: readonly HistoryEvent[]) {
  const first = events.find(({ taskSucceededEventDetails: details }) => details?.output !== undefined);
  return beginOutput.parse(JSON.parse(first?.taskSucceededEventDetails?.output ?? '{}')).Payload;
}

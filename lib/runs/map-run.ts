/** The items of a distributed Map: executions of their own, of which the run's history tells nothing. */
import { type HistoryEvent, type MapRunStart, type Try, triesOf } from './task-history.ts';

/** What is asked of Step Functions. */
export interface MapRunReader {
  /** DescribeMapRun. */
  describe(mapRunArn: string): Promise<MapRunDescription>;
  /** ListExecutions of those that failed: the ARNs of so many at the most. */
  failed(mapRunArn: string, most: number): Promise<string[]>;
  /** GetExecutionHistory, all of it. */
  history(executionArn: string): Promise<HistoryEvent[]>;
}

/** The SDK's output fits. */
interface MapRunDescription {
  readonly stopDate?: Date | undefined;
  readonly itemCounts?: ItemCounts | undefined;
}
type ItemCounts = Readonly<Record<'succeeded' | 'failed' | 'timedOut' | 'aborted' | 'total', number | undefined>>;

export interface MapRunItems extends Pick<MapRunStart, 'task' | 'startedAt'> {
  /** Undefined while it runs. */
  readonly endedAt: Date | undefined;
  /** How many it runs over. */
  readonly items: number;
  /** How many of them have ended, and how many of these did not succeed or skip themselves. */
  readonly ended: number;
  readonly failed: number;
}

export async function itemsOf(reader: MapRunReader, { task, startedAt, mapRunArn }: MapRunStart): Promise<MapRunItems> {
  const { stopDate, itemCounts } = await reader.describe(mapRunArn);
  const { succeeded = 0, failed = 0, timedOut = 0, aborted = 0, total = 0 } = itemCounts ?? {};
  const lost = failed + timedOut + aborted;
  return { task, startedAt, endedAt: stopDate, items: total, ended: succeeded + lost, failed: lost };
}

/** There may be thousands, mostly for one reason. */
const TOLD = 10;

/** The last tries of items that failed, of ten at the most. */
export async function failedItems(reader: MapRunReader, { mapRunArn }: MapRunStart): Promise<Try[]> {
  const executions = await reader.failed(mapRunArn, TOLD);
  const tries = await Promise.all(executions.map(async (arn) => triesOf(await reader.history(arn)).slice(-1)));
  return tries.flat().sort((one, other) => (one.index ?? 0) - (other.index ?? 0));
}

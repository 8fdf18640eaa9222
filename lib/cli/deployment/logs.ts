/** The log lines of a run's tasks, from CloudWatch Logs, which the embedded AWS serves too. */
import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Aws } from './aws.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly id: string;
}

export interface WantedLines {
  readonly functionName: string;
  readonly runId: string;
  readonly task?: string | undefined;
  readonly index?: number | undefined;
  readonly attempt?: number | undefined;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** @returns what reads lines, in the order of their times */
export function openLogs({ config }: Pick<Aws, 'config'>): (wanted: WantedLines) => Promise<LogLine[]> {
  const client = new CloudWatchLogsClient(config);
  return async (wanted) => {
    const own = await filter(client, wanted, patternOf(wanted));
    const requests = [...new Set(own.flatMap(({ message }) => requestOf(message) ?? []))];
    if (requests.length === 0 || requests.length > MOST_REQUESTS) return own;
    // Lambda's own lines (START, REPORT, a time-out) and those of the console tell the request alone.
    const whole = await filter(client, wanted, requests.map((id) => `?"${id}"`).join(' '));
    return whole.length > 0 ? whole : own;
  };
}

/** A filter pattern has 1,024 characters at the most. */
const MOST_REQUESTS = 24;

function patternOf({ runId, task, index, attempt }: WantedLines): string {
  const fields = Object.entries({ run: runId, task, index, attempt }).filter(([, value]) => value !== undefined);
  return `{ ${fields.map(([name, value]) => `$.${name} = ${JSON.stringify(value)}`).join(' && ')} }`;
}

async function filter(
  client: CloudWatchLogsClient,
  { functionName, from, to }: WantedLines,
  filterPattern: string,
): Promise<LogLine[]> {
  const logGroup = `/aws/lambda/${functionName}`;
  const wanted = { logGroupName: logGroup, startTime: from, endTime: to, filterPattern };
  const lines: LogLine[] = [];
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, wanted))
      lines.push(...events.map((event) => lineOf(event, logGroup)));
  } catch (error) {
    // A function that was never invoked, or whose logs are gone.
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
  return lines.sort((one, other) => one.timestamp - other.timestamp);
}

const lineOf = (
  { timestamp = 0, message = '', logStreamName: logStream = '', eventId = '' }: FilteredLogEvent,
  logGroup: string,
): LogLine => ({ timestamp, message: message.trimEnd(), logGroup, logStream, id: `${logGroup} ${eventId}` });

function requestOf(message: string): string | undefined {
  try {
    return JSON.parse(message).requestId;
  } catch {
    return undefined;
  }
}

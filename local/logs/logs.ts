/** CloudWatch Logs over the files that functions print into: a log group a function, with one stream. */
import { join } from 'node:path';
import { arn } from '../machine/account.ts';
import { AwsError } from '../machine/errors.ts';
import { type LogEvent, readEvents } from './lines.ts';
import { parsePattern } from './pattern.ts';

/** Of every group: the environments of a function print into one file. */
const STREAM = '[$LATEST]';
const MOST_EVENTS = 10_000;

interface Group {
  readonly name: string;
  readonly file: string;
}

interface OfGroup {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}
interface Window extends OfGroup {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly limit?: number;
  readonly nextToken?: string;
}

export class Logs {
  readonly #directory: string;
  readonly #groups = new Map<string, Group>();

  /** @param directory has `<function>.log` */
  constructor(directory: string) {
    this.#directory = directory;
  }

  createGroup(name: string, functionName: string): void {
    this.#groups.set(name, { name, file: join(this.#directory, `${functionName}.log`) });
  }

  readonly operations = {
    DescribeLogGroups: ({ logGroupNamePrefix = '' }: { logGroupNamePrefix?: string }) => ({
      logGroups: [...this.#groups.keys()]
        .filter((name) => name.startsWith(logGroupNamePrefix))
        .sort()
        .map((name) => ({ logGroupName: name, arn: `${arn('logs', `log-group:${name}`)}:*`, creationTime: 0 })),
    }),
    DescribeLogStreams: (input: OfGroup) => {
      const events = readEvents(this.#group(input).file);
      if (events.length === 0) return { logStreams: [] };
      const [firstEventTimestamp, lastEventTimestamp] = [events[0]?.timestamp, events.at(-1)?.timestamp];
      return { logStreams: [{ logStreamName: STREAM, firstEventTimestamp, lastEventTimestamp }] };
    },
    FilterLogEvents: ({
      filterPattern,
      limit = MOST_EVENTS,
      nextToken,
      ...input
    }: Window & { filterPattern?: string }) => {
      const matches = parsePattern(filterPattern);
      const found = this.#within(input).filter(({ message }) => matches(message));
      const from = positionOf(nextToken);
      const events = found.slice(from, from + limit).map((event) => ({
        ...ofApi(event),
        logStreamName: STREAM,
        eventId: String(event.at).padStart(56, '0'),
      }));
      const more = from + limit < found.length && { nextToken: String(from + limit) };
      return { events, searchedLogStreams: [], ...more };
    },
    GetLogEvents: ({ limit = MOST_EVENTS, nextToken, ...input }: Window) => {
      const found = this.#within(input);
      const from = positionOf(nextToken?.slice(2));
      const events = found.slice(from, from + limit);
      return {
        events: events.map(ofApi),
        nextForwardToken: `f/${from + events.length}`,
        nextBackwardToken: `b/${from}`,
      };
    },
  };

  #within({ startTime = 0, endTime = Number.POSITIVE_INFINITY, ...of }: Window): LogEvent[] {
    return readEvents(this.#group(of).file, { startTime, endTime });
  }

  #group({ logGroupName, logGroupIdentifier = logGroupName ?? '' }: OfGroup): Group {
    const name = logGroupIdentifier.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '');
    const group = this.#groups.get(name);
    if (group) return group;
    throw new AwsError('ResourceNotFoundException', `The specified log group does not exist: ${name}`);
  }
}

const ofApi = ({ timestamp, message }: LogEvent) => ({ timestamp, message, ingestionTime: timestamp });

function positionOf(token = '0'): number {
  if (/^\d+$/.test(token)) return Number(token);
  throw new AwsError('InvalidParameterException', `The specified nextToken is invalid: ${token}`);
}

/** A function's log file as the events of a log stream. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  /** The byte of the file at which its line begins: what its id is made of. */
  readonly at: number;
}

interface Window {
  /** Milliseconds since 1970; the end is not included. */
  readonly startTime?: number;
  readonly endTime?: number;
}

/** In the order of their times. A line that tells no time has that of the one before it, or goes on with its text. */
export function readEvents(
  file: string,
  { startTime = 0, endTime = Number.POSITIVE_INFINITY }: Window = {},
): LogEvent[] {
  if (!existsSync(file)) return [];
  const log = openSync(file, 'r');
  try {
    const [from] = boundsOf(log, startTime - DISORDER_MS);
    const [, to] = boundsOf(log, endTime + DISORDER_MS);
    return eventsIn(read(log, from, to), from)
      .filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime)
      .sort((one, other) => one.timestamp - other.timestamp);
  } finally {
    closeSync(log);
  }
}

/** So far apart may be the times of lines that stand in the other order: processes of a function print into one file. */
const DISORDER_MS = 10 * 60_000;
const BLOCK = 64 * 1024;

/** Where lines of a time begin, at the start of a line each: all before the first byte is older, all from the second on is not. */
function boundsOf(log: number, time: number): [number, number] {
  let [low, high] = [0, fstatSync(log).size];
  while (high - low > BLOCK) {
    const middle = Math.floor((low + high) / 2);
    const found = firstTimed(read(log, middle, Math.min(middle + BLOCK, high)), middle);
    if (!found) break;
    if (found.timestamp < time) low = found.at;
    else if (found.at < high) high = found.at;
    else break;
  }
  return [low, high];
}

function firstTimed(text: Buffer, at: number): LogEvent | undefined {
  const start = text.indexOf('\n') + 1;
  return start === 0 ? undefined : eventsIn(text.subarray(start), at + start).find(({ timestamp }) => timestamp > 0);
}

function read(log: number, from: number, to: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  return buffer.subarray(0, readSync(log, buffer, 0, buffer.length, from));
}

/** What goes through the console tells its time and its invocation, and may have several lines. */
const BY_CONSOLE = /^\S+Z\t\S+\t[A-Z]+\t/;

/** @param start the byte of the file that the text begins at */
function eventsIn(text: Buffer, start: number): LogEvent[] {
  const events: LogEvent[] = [];
  let at = start;
  for (const line of text.toString().split('\n')) {
    const timestamp = timeOf(line);
    const before = events.at(-1);
    if (timestamp !== undefined) events.push({ timestamp, message: line, at });
    else if (before && BY_CONSOLE.test(before.message))
      events[events.length - 1] = { ...before, message: `${before.message}\n${line}`.trimEnd() };
    else if (line !== '') events.push({ timestamp: before?.timestamp ?? 0, message: line, at });
    at += Buffer.byteLength(line) + 1;
  }
  return events;
}

const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)|"timestamp":"([^"]+)"/;

function timeOf(line: string): number | undefined {
  const [, first, field] = TIME.exec(line) ?? [];
  const time = Date.parse(first ?? field ?? '');
  return Number.isNaN(time) ? undefined : time;
}

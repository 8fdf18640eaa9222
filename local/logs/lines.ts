/** A function's log file as the events of a log stream. */
import { existsSync, readFileSync } from 'node:fs';

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  /** Where its line begins in the file: what its id is made of. */
  readonly at: number;
}

const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)|"timestamp":"([^"]+)"/;

/** What goes through the console tells its time and its invocation, and may have several lines. */
const BY_CONSOLE = /^\S+Z\t\S+\t[A-Z]+\t/;

/** In the order of the file. A line that tells no time has that of the one before it, or goes on with its text. */
export function readEvents(file: string): LogEvent[] {
  const events: LogEvent[] = [];
  let at = 0;
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const timestamp = timeOf(line);
    const before = events.at(-1);
    if (timestamp !== undefined) events.push({ timestamp, message: line, at });
    else if (before && BY_CONSOLE.test(before.message))
      events[events.length - 1] = { ...before, message: `${before.message}\n${line}`.trimEnd() };
    else if (line !== '') events.push({ timestamp: before?.timestamp ?? 0, message: line, at });
    at += line.length + 1;
  }
  return events;
}

function timeOf(line: string): number | undefined {
  const [, first, field] = TIME.exec(line) ?? [];
  const time = Date.parse(first ?? field ?? '');
  return Number.isNaN(time) ? undefined : time;
}

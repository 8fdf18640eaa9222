/** A log line as a person reads it. */
import * as z from 'zod';
import type { LogLine } from '../deployment/logs.ts';

const own = z.looseObject({
  level: z.string(),
  message: z.string(),
  task: z.string().optional(),
  index: z.int().optional(),
  attempt: z.int().optional(),
});

/** On every line, and of no use to whoever reads one run. */
const KNOWN = new Set([
  ...['level', 'message', 'task', 'index', 'attempt', 'timestamp', 'service', 'pipeline', 'run', 'requestId'],
  ...['sampling_rate', 'xray_trace_id'],
]);

export function logLine({ timestamp, message }: Pick<LogLine, 'timestamp' | 'message'>): string {
  const time = new Date(timestamp).toISOString();
  const line = own.safeParse(parsed(message)).data;
  // What Lambda and the console print begins with its time as well.
  if (!line) return `${time}  ${message.replace(/^\d{4}-\d{2}-\d{2}T\S+Z\s+/, '')}`;
  const { level, task = '', index, attempt } = line;
  const who = `${task}${index === undefined ? '' : `[${index}]`}${attempt === undefined ? '' : ` #${attempt}`}`;
  const rest = Object.entries(line).filter(([name]) => !KNOWN.has(name));
  const more = rest.length > 0 ? `  ${JSON.stringify(Object.fromEntries(rest))}` : '';
  return `${time}  ${level.padEnd(5)} ${who}  ${line.message}${more}`;
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

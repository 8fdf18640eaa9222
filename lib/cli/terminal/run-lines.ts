/** What commands about runs print alike. */
import { relative, resolve } from 'node:path';
import type { Opened } from '../deployment/open.ts';
import { STATE } from '../deployment/place.ts';

type At = Pick<Opened, 'kind' | 'deployment'>;

/** What commands that a person is told must end with, to act on the same deployment. */
export const stackOption = ({ kind, deployment }: At): string => (kind === 'aws' ? ` --stack ${deployment.name}` : '');

/** Where to look at an execution: the page of the console, or the file of the embedded AWS. */
export function linkOf({ kind }: At, execution: string): string {
  if (kind !== 'aws')
    return relative(process.cwd(), resolve(STATE, `executions/${execution.split(':').slice(-2).join('/')}.json`));
  const region = execution.split(':')[3];
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${execution}`;
}

/** A logical date as short as it names its run: a day where it is one. */
export const dateOf = (logicalDate: string): string => logicalDate.replace(/T00:00:00Z$/, '');

/** How long something took, or has taken until now. */
export function lasted(
  { startedAt, endedAt }: { startedAt?: string | undefined; endedAt?: string | undefined },
  now: Date,
) {
  if (startedAt === undefined) return undefined;
  return Math.max(0, (endedAt === undefined ? now.getTime() : Date.parse(endedAt)) - Date.parse(startedAt));
}

const MINUTE_MS = 60_000;

/** `0.8 s`, `42 s`, `3m 20s`, `2h 5m`. */
export function spellMs(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  const seconds = Math.floor((ms % MINUTE_MS) / 1000);
  return minutes < 60 ? `${minutes}m ${seconds}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** An instant without its fraction. */
export const instantOf = (text: string | undefined): string => text?.replace(/\.\d+Z$/, 'Z') ?? '';

/** The first line of a text, as far as it fits a table. */
export function shorten(text = '', most = 80): string {
  const [first = ''] = text.split('\n');
  return first.length > most || first.length < text.trimEnd().length ? `${first.slice(0, most - 1)}…` : first;
}

/** From cron as DAGs have it to cron as EventBridge has it. */
import { AppError } from '../errors.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Names of the values, the first value's first. */
  readonly words?: readonly string[];
}
const FIELDS = [
  { name: 'minute', first: 0, last: 59 },
  { name: 'hour', first: 0, last: 23 },
  { name: 'day of the month', first: 1, last: 31 },
  { name: 'month', first: 1, last: 12, words: MONTHS },
  { name: 'day of the week', first: 0, last: 7, words: WEEKDAYS },
] as const satisfies readonly Field[];

/**
 * The expression of an EventBridge rule for five-field cron in UTC. Every range and step is written out, because the
 * two dialects read them differently; days of the week are counted from 1.
 *
 * @param cron five fields: `30 6 * * 1-5`
 * @throws AppError where EventBridge has no such schedule
 */
export function scheduleExpression(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new AppError(`The schedule '${cron}' is not cron with five fields.`);
  const [minute, hour, day, month, weekday] = FIELDS.map((field, at) => values(field, fields[at] ?? '', cron));
  if (day !== undefined && weekday !== undefined) {
    throw new AppError(
      `The schedule '${cron}' names days of the month and of the week, and EventBridge knows only one of both in a rule. Leave one of them '*'.`,
    );
  }
  const weekdays = weekday && ascending(weekday.map((value) => (value % 7) + 1));
  const written = (list: readonly number[] | undefined) => list?.join(',') ?? '*';
  const days = weekdays ? `? ${written(month)} ${written(weekdays)}` : `${written(day)} ${written(month)} ?`;
  return `cron(${written(minute)} ${written(hour)} ${days} *)`;
}

/** The values of a field in ascending order, or undefined for all of them. */
function values(field: Field, text: string, cron: string): number[] | undefined {
  if (text === '*') return undefined;
  return ascending(text.split(',').flatMap((part) => partValues(field, part, cron)));
}

const ascending = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);

function partValues(field: Field, part: string, cron: string): number[] {
  const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const start = from === '*' ? field.first : numberOf(field, from);
  const open = from === '*' || (to === undefined && step !== undefined);
  const end = open ? field.last : numberOf(field, to ?? from);
  const every = Number(step ?? 1);
  if (!(start >= field.first && end <= field.last && start <= end && every > 0)) {
    throw new AppError(`The schedule '${cron}' has '${part}' for its ${field.name}, which means nothing there.`);
  }
  return Array.from({ length: Math.floor((end - start) / every) + 1 }, (_, n) => start + n * every);
}

function numberOf({ first, words }: Field, text: string): number {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  return word >= 0 ? first + word : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Cron with five fields, as DAGs have it. What is let through means the same here and on AWS. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Names of the values, the first value's first. */
  readonly words?: readonly string[];
}
const MINUTE: Field = { name: 'minute', first: 0, last: 59 };
const HOUR: Field = { name: 'hour', first: 0, last: 23 };
const MONTH_DAY: Field = { name: 'day of the month', first: 1, last: 31 };
const MONTH: Field = { name: 'month', first: 1, last: 12, words: MONTHS };
const WEEKDAY: Field = { name: 'day of the week', first: 0, last: 7, words: WEEKDAYS };

const PRESETS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
};

/** A preset (`@daily`) as five-field cron; cron as it is. */
export const cronOf = (schedule: string): string => PRESETS[schedule] ?? schedule;

/** Ascending, each once; undefined for all of them (`*`). */
type Values = readonly number[] | undefined;
/** The last day (`L`), or the weekday nearest to a day (`15W`). */
type MonthDays = Values | 'last' | { readonly nearestWeekdayTo: number };
/** From 0, Sunday. The nth or last one of the month: `5#2`, `5L`. */
type Weekdays = Values | { readonly weekday: number; readonly nth: number | 'last' };

export interface CronFields {
  readonly minutes: Values;
  readonly hours: Values;
  readonly monthDays: MonthDays;
  readonly months: Values;
  readonly weekdays: Weekdays;
}

/** Text that is no cron, or cron that AWS would read differently, or not at all. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

/**
 * The fields of `30 6 * * 1-5`, with every range and step written out.
 * @throws CronError with the reason
 */
export function parseCron(cron: string): CronFields {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) throw new CronError('it is neither a preset nor cron with five fields');
  const [minute = '', hour = '', monthDay = '', month = '', weekday = ''] = fields;
  return {
    minutes: values(MINUTE, minute),
    hours: values(HOUR, hour),
    monthDays: monthDaysOf(monthDay),
    months: values(MONTH, month),
    weekdays: weekdaysOf(weekday),
  };
}

function monthDaysOf(text: string): MonthDays {
  if (text.toUpperCase() === 'L') return 'last';
  const [, day] = /^(\d+)W$/i.exec(text) ?? [];
  if (day === undefined) return values(MONTH_DAY, text);
  return { nearestWeekdayTo: oneOf(MONTH_DAY, day, text) };
}

function weekdaysOf(text: string): Weekdays {
  const [, name, nth] = /^(\w+)#([1-5]|L)$/i.exec(text) ?? /^([0-7])(L)$/i.exec(text) ?? [];
  if (name === undefined || nth === undefined) {
    const days = values(WEEKDAY, text);
    return days && ascending(days.map((day) => day % 7));
  }
  return { weekday: oneOf(WEEKDAY, name, text) % 7, nth: /L/i.test(nth) ? 'last' : Number(nth) };
}

/** AWS has no lists of these, and neither has anything else of them but alone in its field. */
const ALONE = /^\w*#|^\d+[LW]$|^L/i;

function values(field: Field, text: string): Values {
  if (text === '*') return undefined;
  const items = text.split(',');
  return ascending(
    items.flatMap((item) => {
      if (items.length > 1 && ALONE.test(item) && field.words?.includes(item.toLowerCase()) !== true)
        throw new CronError(
          `its ${field.name} '${text}' has '${item}' in a list, which AWS does not take: give it alone, or a DAG for each`,
        );
      return itemValues(field, item);
    }),
  );
}

const ascending = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);

function itemValues(field: Field, item: string): number[] {
  const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
  if (step !== undefined && from !== '*' && to === undefined)
    throw new CronError(
      `its ${field.name} has '${item}', which crons read differently: write ${from}-${field.last}/${step}`,
    );
  const start = from === '*' ? field.first : numberOf(field, from);
  const end = from === '*' ? lastOf(field) : numberOf(field, to ?? from);
  const every = Number(step ?? 1);
  if (!(start >= field.first && end <= field.last && start <= end && every > 0)) throw meansNothing(field, item);
  return Array.from({ length: Math.floor((end - start) / every) + 1 }, (_, n) => start + n * every);
}

/** A week has seven days, though Sunday has two numbers. */
const lastOf = (field: Field): number => (field === WEEKDAY ? 6 : field.last);

function oneOf(field: Field, text: string, item: string): number {
  const value = numberOf(field, text);
  if (value >= field.first && value <= field.last) return value;
  throw meansNothing(field, item);
}

const meansNothing = ({ name, first, last }: Field, item: string) =>
  new CronError(
    `its ${name} has '${item}', which means nothing there: it is ${first} to ${last}, a range, step or list`,
  );

function numberOf({ first, words }: Field, text: string): number {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  return word >= 0 ? first + word : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Between instants and what a clock on the wall of a zone shows, which is written as if it were UTC. */

const DAY_MS = 86_400_000;

/** What the clock of a zone shows at an instant. */
export const wallOf = (at: Date, timeZone: string): Date => new Date(at.getTime() + offsetOf(at.getTime(), timeZone));

/** The day of an instant in a zone: `2026-11-19`. */
export const dayOf = (at: Date, timeZone: string): string => wallOf(at, timeZone).toISOString().slice(0, 10);

/** An instant as the clock of a zone shows it: `2026-11-19T06:00+01:00`. */
export function inZone(instant: string, timeZone: string): string {
  const at = new Date(instant);
  const minutes = offsetOf(at.getTime(), timeZone) / 60_000;
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${wallOf(at, timeZone).toISOString().slice(0, 16)}${minutes < 0 ? '-' : '+'}${two(hour)}:${two(minute)}`;
}

/** The first instant at which the clock of a zone shows a time; undefined where the clocks skip it. */
export function instantOf(wall: Date, timeZone: string): Date | undefined {
  const time = wall.getTime();
  if (timeZone === 'UTC') return wall;
  // Where the clocks are put back, both are instants, and the first has the offset of the day before.
  for (const near of [time - DAY_MS, time + DAY_MS]) {
    const at = time - offsetOf(near, timeZone);
    if (at + offsetOf(at, timeZone) === time) return new Date(at);
  }
  return undefined;
}

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
export function offsetOf(at: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day, hour, minute, second } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** To make one takes longer than to use it a hundred times. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

const DAYS_BACK: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['yesterday', 1],
]);

/** The date that `today` or `yesterday` is on a zone's calendar; any other text as it is. */
export function dateOfWord(text: string, timeZone: string, now: Date): string {
  const back = DAYS_BACK.get(text);
  if (back === undefined) return text;
  // Swedish writes dates as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
  return new Date(Date.parse(today) - back * 86_400_000).toISOString().slice(0, 10);
}

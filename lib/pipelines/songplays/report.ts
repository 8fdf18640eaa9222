/** What people are shown of the star schema, once its checks hold. */
import type { Ref } from '#sluice';

const chart = <const N extends string>(name: N, title: string, kind: 'bar' | 'table' = 'bar') => ({
  name,
  title,
  kind,
  file: `sql/songplays/report_${name}.sql` as const,
});

export const charts = (day: Ref<string>) => [
  chart('hours', 'Plays by hour (UTC)'),
  chart('weekdays', 'Plays by weekday (UTC)'),
  chart('artists', 'The artists who were played most'),
  chart('songs', 'The songs that were played most'),
  chart('levels', 'Free against paid'),
  { ...chart('quality', 'Quality checks of this run, and those that failed on other days', 'table'), params: { day } },
  chart('model', 'Who comes again next week: the model against the baseline', 'table'),
];

/** What becomes of activities that are edited, uploaded late, deleted, or not as declared. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStravaPipeline, type StravaPipeline } from '../../../worlds/strava.ts';

/** One that began at this local time, seven hours behind UTC. */
const activity = (id: number, local: string, more: object = {}) => ({
  resource_state: 2,
  id,
  athlete: { id: 7, resource_state: 1 },
  name: `Run ${id}`,
  type: 'Run',
  start_date: new Date(Date.parse(`${local}Z`) + 25_200_000).toISOString().replace('.000', ''),
  start_date_local: `${local}Z`,
  utc_offset: -25_200,
  distance: 1000.5,
  moving_time: 600,
  elapsed_time: 660,
  average_speed: 1.668,
  ...more,
});
const OLD = activity(1, '2026-01-05T08:00:00');
const LATE = activity(2, '2026-11-08T20:00:00');
const NEW = activity(15_209_715_250, '2026-11-10T08:00:00', { name: 'x'.repeat(300) });

let pipeline: StravaPipeline;
beforeAll(async () => {
  pipeline = await openStravaPipeline([NEW, { ...OLD, average_cadence: 80.5 }]);
});
afterAll(() => pipeline.close());

const names = async () =>
  Object.fromEntries(
    (await stored()).map(({ id, name, deleted_at }) => [String(id), deleted_at === null ? name : 'deleted']),
  );
const stored = () =>
  pipeline.rows('select id, name, average_speed, average_cadence, deleted_at from strava.activities order by id');
const asked = () => pipeline.strava.requests.filter((request) => request.includes('activities'));

test('the first run asks for everything; ids beyond 32 bits, decimals and long names are kept', async () => {
  await pipeline.run('2026-11-11T10:00:00Z');
  expect(asked()[0]).toBe('GET /api/v3/athlete/activities?per_page=200 200');
  expect(await stored()).toMatchObject([
    { id: 1, name: 'Run 1', average_speed: 1.668, average_cadence: 80.5, deleted_at: null },
    { id: 15_209_715_250, name: NEW.name, deleted_at: null },
  ]);
});

test('the next run asks for the last 30 days: what is edited or uploaded late there is seen, what is older is not', async () => {
  const before = asked().length;
  pipeline.write([{ ...NEW, name: 'Edited' }, LATE, { ...OLD, name: 'Edited' }]);
  await pipeline.run('2026-11-11T11:00:00Z');
  const after = Date.parse('2026-10-12T10:00:00Z') / 1000;
  expect(asked()[before]).toBe(`GET /api/v3/athlete/activities?per_page=200&after=${after} 200`);
  expect(await names()).toEqual({ 1: 'Run 1', 2: 'Run 2', [NEW.id]: 'Edited' });
});

test('a deletion is marked by the next full pass, and what that pass has is as it is now', async () => {
  pipeline.write([
    { ...NEW, name: 'Edited' },
    { ...OLD, name: 'Edited' },
  ]);
  await pipeline.run('2026-11-11T12:00:00Z');
  expect((await names())[2]).toBe('Run 2');
  await pipeline.run('2026-11-18T12:00:00Z');
  expect(await names()).toEqual({ 1: 'Edited', 2: 'deleted', [NEW.id]: 'Edited' });
  const [row] = await pipeline.rows('select deleted_at from strava.activities where id = 2');
  expect(row?.['deleted_at']).toContain('2026-11-18 12:00:00');
  // An absent key says nothing in the runs between; a full pass has what there is.
  expect((await stored())[0]).toMatchObject({ average_cadence: null });
});

test('one that is not as declared is quarantined, the others load, and it is not taken for deleted', async () => {
  pipeline.write([
    { ...NEW, distance: 'far' },
    { ...LATE, name: 'Back' },
  ]);
  const { extract_athlete: extracted } = await pipeline.run('2026-11-18T13:00:00Z', { full: true });
  expect(extracted).toMatchObject({ rows: 2, quarantined: 1 });
  expect(await names()).toEqual({ 1: 'Edited', 2: 'Back', [NEW.id]: 'Edited' });
});

test('days are those of the athlete, those of UTC beside them; an empty one is zero, a deleted activity counts in none', async () => {
  pipeline.write([NEW, LATE]);
  await pipeline.run('2026-11-18T14:00:00Z', { full: true });
  const results = await pipeline.rows(
    `select cast(day as varchar(10)) as day, activities, distance_m, moving_time_s, utc_activities, utc_distance_m, utc_moving_time_s
     from strava.day_results where athlete_id = 7 and day between '2026-11-08' and '2026-11-11' order by day`,
  );
  const day = (date: string, own: number, utc: number) => ({
    day: date,
    ...{ activities: own, distance_m: own * 1000.5, moving_time_s: own * 600 },
    ...{ utc_activities: utc, utc_distance_m: utc * 1000.5, utc_moving_time_s: utc * 600 },
  });
  expect(
    results.map((row) => ({
      ...row,
      moving_time_s: Number(row['moving_time_s']),
      utc_moving_time_s: Number(row['utc_moving_time_s']),
    })),
  ).toEqual([day('2026-11-08', 1, 0), day('2026-11-09', 0, 1), day('2026-11-10', 1, 1), day('2026-11-11', 0, 0)]);
  const [first] = await pipeline.rows('select min(day) as day from strava.day_results');
  expect(first?.['day']).toContain('2026-11-08');
});

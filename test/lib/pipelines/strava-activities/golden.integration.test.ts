/** The recorded activities, row by row against plain SQL over the file. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStravaPipeline, type StravaPipeline } from '../../../worlds/strava.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../../shared/data/strava');

/** Of DuckDB alone. */
async function fromFile(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const file = join(FOLDER, 'athlete_activities_50.sanitised.json');
  const reader = await connection.runAndReadAll(
    sql.replace('FILE', `read_json('${file}', maximum_object_size = 67108864)`),
  );
  connection.closeSync();
  return reader.getRowObjectsJson() as Record<string, unknown>[];
}

describe.skipIf(!existsSync(FOLDER))('the recorded activities (../shared/data/strava)', () => {
  let pipeline: StravaPipeline;
  beforeAll(async () => {
    pipeline = await openStravaPipeline(FOLDER);
    await pipeline.run('2025-07-24T10:00:00Z');
  });
  afterAll(() => pipeline.close());

  const COLUMNS = `id, athlete_id, name, type, distance, moving_time, elapsed_time, total_elevation_gain, average_speed,
    max_speed, average_cadence, average_heartrate, kilojoules, average_watts, workout_type, gear_id, trainer, utc_offset`;
  const stored = () =>
    pipeline.rows(`select ${COLUMNS}, start_date, start_date_local from strava.activities order by id`);
  const comparable = (rows: readonly Record<string, unknown>[]) =>
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
    );

  test('50 activities are 50 rows, each as plain SQL over the file says, 32 with decimals of their speed', async () => {
    const expected = await fromFile(
      `select ${COLUMNS.replace('athlete_id', 'athlete.id as athlete_id')}, strftime(start_date, '%Y-%m-%d %H:%M:%S+00') as start_date,
        strftime(start_date_local, '%Y-%m-%d %H:%M:%S') as start_date_local from FILE order by id`,
    );
    const rows = await stored();
    expect(rows).toHaveLength(50);
    expect(rows.filter(({ average_speed }) => !Number.isInteger(average_speed))).toHaveLength(32);
    expect(comparable(rows)).toEqual(comparable(expected));
  });

  test('the results of each day are those of plain SQL over the file, of 8 activities on another day than in UTC', async () => {
    const results = (prefix: string, time: string) =>
      fromFile(`select strftime(${time}, '%Y-%m-%d') as day, count(*) as ${prefix}activities, round(sum(distance), 3) as ${prefix}distance_m,
        sum(moving_time) as ${prefix}moving_time_s from FILE group by 1 order by 1`);
    for (const [prefix, time] of [
      ['', 'start_date_local'],
      ['utc_', 'start_date'],
    ] as const) {
      const rows = await pipeline.rows(
        `select day, ${prefix}activities, round(${prefix}distance_m, 3) as ${prefix}distance_m, ${prefix}moving_time_s
         from strava.day_results where ${prefix}activities > 0 order by day`,
      );
      expect(comparable(rows)).toEqual(comparable(await results(prefix, time)));
    }
    const [other] = await fromFile(
      "select count(*) as n from FILE where strftime(start_date, '%Y-%m-%d') <> strftime(start_date_local, '%Y-%m-%d')",
    );
    expect(Number(other?.['n'])).toBe(8);
  });

  test('a run again, and the next one, change nothing', async () => {
    const before = await stored();
    await pipeline.run('2025-07-24T11:00:00Z');
    expect(await stored()).toEqual(before);
    await pipeline.run('2025-07-24T12:00:00Z', { full: true });
    expect(await stored()).toEqual(before);
    expect(await pipeline.rows('select id from strava.activities where deleted_at is not null')).toEqual([]);
  });
});

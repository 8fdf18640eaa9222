/** What Strava lists of an athlete's activities, with its units: metres, seconds, metres a second. */
import type { Column, Table } from '#lib/contract/table.ts';

const of =
  (type: Column['type']) =>
  (...names: string[]): Column[] =>
    names.map((name) => ({ name, type }));
const needed = (...columns: Column[][]): Column[] => columns.flat().map((column) => ({ ...column, notNull: true }));

const ids = of('int8');
const counts = of('int4');
const numbers = of('float8');
const flags = of('boolean');
const words = of('varchar(256)');
/** As long as a varchar can be. */
const texts = of('varchar(65535)');
const times = of('timestamptz');

const columns: Column[] = [
  ...needed(ids('id', 'athlete_id'), texts('name'), words('type')),
  ...words('sport_type'),
  ...needed(times('start_date')),
  // Strava writes it with a Z, but it is the athlete's wall clock.
  { name: 'start_date_local', type: 'timestamp', notNull: true },
  ...words('timezone'),
  ...numbers('utc_offset'),
  ...needed(numbers('distance'), ids('moving_time')),
  ...ids('elapsed_time'),
  ...numbers('total_elevation_gain', 'elev_high', 'elev_low', 'average_speed', 'max_speed'),
  ...numbers('average_cadence', 'average_heartrate', 'max_heartrate'),
  ...numbers('average_watts', 'weighted_average_watts', 'kilojoules'),
  ...counts('workout_type', 'achievement_count', 'kudos_count', 'comment_count', 'athlete_count', 'photo_count'),
  ...flags('trainer', 'commute', 'manual', 'private', 'flagged', 'has_heartrate'),
  ...words('visibility', 'gear_id', 'external_id', 'upload_id_str'),
  ...ids('upload_id'),
  ...counts('resource_state'),
];

/** Rows that may be quarantined in one run: the others load. */
const MOST_QUARANTINED = 100;

/** What Strava has, as far as the last full pass and the runs since then have seen it. */
export const listed: Table = {
  name: 'strava.listed_activities',
  columns,
  primaryKey: ['id'],
  // Strava tells no time of a change: of two states the more detailed one counts (2 is a summary), of equals the later.
  incrementalKey: 'resource_state',
  distKey: 'id',
  sortKey: ['start_date'],
  maxQuarantined: MOST_QUARANTINED,
};

/** Every activity that Strava ever had, those that were deleted with a mark. */
export const activities: Table = {
  ...listed,
  name: 'strava.activities',
  columns: [...columns, ...times('deleted_at')],
};

export const tables = [listed, activities];

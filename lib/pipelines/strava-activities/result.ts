import { warehouse } from './config.ts';

/** What a run came to: each athlete's last days with an activity. */
export function latestDays() {
  const sql = `select athlete_id, cast(day as varchar(10)) as day, activities, distance_m, moving_time_s
   from strava.day_results where activities > 0 order by day desc, athlete_id limit 10`;
  return warehouse.type === 'redshift' ? sql : { connection: warehouse.connection, sql };
}

-- Every activity that Strava ever had, as it was seen last. What a full pass does not find any more is marked.
--
--   :logical_date  of the run, UTC
--   :listed        what Strava has, as far as it was read

comment on table strava.activities is 'One row an activity, those that were deleted at Strava with deleted_at.';
comment on column strava.activities.distance is 'Metres.';
comment on column strava.activities.moving_time is 'Seconds.';
comment on column strava.activities.elapsed_time is 'Seconds, rests included.';
comment on column strava.activities.average_speed is 'Metres a second.';
comment on column strava.activities.max_speed is 'Metres a second.';
comment on column strava.activities.total_elevation_gain is 'Metres.';
comment on column strava.activities.start_date is 'UTC.';
comment on column strava.activities.start_date_local is 'The wall clock where it began.';
comment on column strava.activities.utc_offset is 'Seconds from UTC to the wall clock.';
comment on column strava.activities.deleted_at is 'The logical date of the full pass that did not find it any more.';

-- A row that is quarantined is not found either, so a pass that has some marks nothing.
update strava.activities set deleted_at = cast(:logical_date as timestamptz)
where deleted_at is null
  and id not in (select id from :listed as listed)
  and exists (
    select 1 from (
      select mode, quarantined, row_number() over (order by clearing desc, loaded_at desc) as nth
      from sluice.loads
      where table_name = 'strava.listed_activities' and logical_date = cast(:logical_date as timestamp)
    ) as load
    where load.nth = 1 and load.mode = 'rebuild' and load.quarantined = 0
  );

delete from strava.activities where id in (select id from :listed as listed);

insert into strava.activities (
  id, athlete_id, name, type, sport_type, start_date, start_date_local, timezone, utc_offset, distance,
  moving_time, elapsed_time, total_elevation_gain, elev_high, elev_low, average_speed, max_speed,
  average_cadence, average_heartrate, max_heartrate, average_watts, weighted_average_watts, kilojoules,
  workout_type, achievement_count, kudos_count, comment_count, athlete_count, photo_count, trainer, commute,
  manual, private, flagged, has_heartrate, visibility, gear_id, external_id, upload_id_str, upload_id,
  resource_state
)
select
  id, athlete_id, name, type, sport_type, start_date, start_date_local, timezone, utc_offset, distance,
  moving_time, elapsed_time, total_elevation_gain, elev_high, elev_low, average_speed, max_speed,
  average_cadence, average_heartrate, max_heartrate, average_watts, weighted_average_watts, kilojoules,
  workout_type, achievement_count, kudos_count, comment_count, athlete_count, photo_count, trainer, commute,
  manual, private, flagged, has_heartrate, visibility, gear_id, external_id, upload_id_str, upload_id,
  resource_state
from :listed as listed;

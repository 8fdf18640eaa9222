-- What each athlete did on each day: by the athlete's own calendar, and beside it by that of UTC.

create or replace view strava.day_results as
with activity as (
  select athlete_id, distance, moving_time, elapsed_time,
    cast(start_date_local as date) as local_day,
    cast(start_date at time zone 'utc' as date) as utc_day
  from strava.activities
  where deleted_at is null
),
digit as (
  select 0 as n union all select 1 union all select 2 union all select 3 union all select 4
  union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),
-- 273 years: more than anybody has been at it.
number as (
  select a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n as n
  from digit as a cross join digit as b cross join digit as c cross join digit as d cross join digit as e
),
span as (
  select athlete_id,
    least(min(local_day), min(utc_day)) as first_day,
    greatest(max(local_day), max(utc_day), current_date) as last_day
  from activity group by athlete_id
),
day as (
  select span.athlete_id, span.first_day + number.n as day
  from span join number on number.n <= span.last_day - span.first_day
),
local_result as (
  select athlete_id, local_day as day, count(*) as activities, sum(distance) as distance_m,
    sum(moving_time) as moving_time_s, sum(elapsed_time) as elapsed_time_s
  from activity group by athlete_id, local_day
),
utc_result as (
  select athlete_id, utc_day as day, count(*) as activities, sum(distance) as distance_m,
    sum(moving_time) as moving_time_s
  from activity group by athlete_id, utc_day
)
select day.athlete_id, day.day,
  coalesce(local_result.activities, 0) as activities,
  coalesce(local_result.distance_m, 0) as distance_m,
  coalesce(local_result.moving_time_s, 0) as moving_time_s,
  coalesce(local_result.elapsed_time_s, 0) as elapsed_time_s,
  coalesce(utc_result.activities, 0) as utc_activities,
  coalesce(utc_result.distance_m, 0) as utc_distance_m,
  coalesce(utc_result.moving_time_s, 0) as utc_moving_time_s
from day
left join local_result on local_result.athlete_id = day.athlete_id and local_result.day = day.day
left join utc_result on utc_result.athlete_id = day.athlete_id and utc_result.day = day.day;

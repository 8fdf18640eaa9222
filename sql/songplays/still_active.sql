-- Who played in the week before a time, and what that week was like: of the time a week before :until, with whether they
-- came again in the week after it (outcome), and of :until itself, where nobody knows yet (null).
--
--   :until  end of the data interval, UTC
--
-- A quarter of the users measures the model and is not fitted to.

with asked as (
  select dateadd(day, -7, cast(:until as timestamp)) as at, 1 as is_known
  union all
  select cast(:until as timestamp), 0
),
week as (
  select asked.at, asked.is_known, play.user_id, count(*) as plays, count(distinct play.session_id) as sessions,
    count(distinct date_trunc('day', play.start_time)) as days,
    datediff(hour, max(play.start_time), asked.at) as hours_since,
    max(case when play.level = 'paid' then 1 else 0 end) as pays
  from asked
  join dwh.songplays as play on play.start_time < asked.at and play.start_time >= dateadd(day, -7, asked.at)
  where play.user_id is not null
  group by asked.at, asked.is_known, play.user_id
),
later as (
  select distinct user_id from dwh.songplays
  where start_time >= dateadd(day, -7, cast(:until as timestamp)) and start_time < cast(:until as timestamp)
)
select
  week.user_id as id,
  case when week.is_known = 0 then null when later.user_id is null then 0 else 1 end as outcome,
  case when week.user_id % 4 = 0 then 1 else 0 end as held_out,
  week.plays, week.sessions, week.days, week.hours_since, week.pays
from week
left join later on later.user_id = week.user_id;

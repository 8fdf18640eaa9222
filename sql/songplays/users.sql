-- Users, and the history of their level.
--
--   :day  start of the data interval whose file was loaded, UTC
--
-- Who has an event in the day's file, or had one in it before, is taken anew from all events: so the rows depend on the
-- files alone. Only who played a song is a user.

create table if not exists dwh.users (
  user_id int4 not null,
  first_name varchar(1024),
  last_name varchar(1024),
  gender varchar(1024),
  level varchar(1024),
  primary key (user_id)
);
comment on table dwh.users is 'One row a user who played a song, as their last event says.';
comment on column dwh.users.user_id is 'Key, as the app has it.';
comment on column dwh.users.first_name is 'The first name.';
comment on column dwh.users.last_name is 'The last name.';
comment on column dwh.users.gender is 'F or M.';
comment on column dwh.users.level is 'free or paid.';

create table if not exists dwh.users_history (
  user_id int4 not null,
  level varchar(1024),
  valid_from timestamp not null,
  valid_to timestamp,
  primary key (user_id, valid_from)
);
comment on table dwh.users_history is 'One row a user and time in which their level stayed the same.';
comment on column dwh.users_history.user_id is 'users.user_id; with valid_from the key.';
comment on column dwh.users_history.level is 'free or paid.';
comment on column dwh.users_history.valid_from is 'The first event with the level, UTC.';
comment on column dwh.users_history.valid_to is 'The first event with the next one, which is not in it; null where there is none.';

create table if not exists dwh.user_days (
  user_id int4 not null,
  file_day timestamp not null,
  primary key (file_day, user_id)
);
comment on table dwh.user_days is 'One row a user and day whose file has events of theirs: whom a replaced file touches.';
comment on column dwh.user_days.user_id is 'As the app has it; with file_day the key.';
comment on column dwh.user_days.file_day is 'The day of the file.';

create temp table touched (user_id int4 not null);

insert into touched
select user_id from dwh.user_days where file_day = cast(:day as timestamp)
union
select user_id from dwh.raw_events where sluice_interval = cast(:day as timestamp) and user_id is not null;

delete from dwh.user_days where file_day = cast(:day as timestamp);

insert into dwh.user_days (user_id, file_day)
select distinct user_id, sluice_interval from dwh.raw_events
where sluice_interval = cast(:day as timestamp) and user_id is not null;

create temp table touched_event (
  user_id int4 not null,
  first_name varchar(1024),
  last_name varchar(1024),
  gender varchar(1024),
  level varchar(1024),
  ts timestamp not null
);

-- Of events at the same millisecond the last one counts, so that no level lasts for no time.
insert into touched_event
select user_id, first_name, last_name, gender, level, ts
from dwh.raw_events
where user_id in (select user_id from touched)
  and user_id in (select user_id from dwh.raw_events where page = 'NextSong')
qualify row_number() over (
  partition by user_id, ts order by session_id desc, item_in_session desc, sluice_interval desc
) = 1;

delete from dwh.users where user_id in (select user_id from touched);

insert into dwh.users (user_id, first_name, last_name, gender, level)
select user_id, first_name, last_name, gender, level
from touched_event as event
qualify row_number() over (partition by user_id order by ts desc) = 1;

delete from dwh.users_history where user_id in (select user_id from touched);

insert into dwh.users_history (user_id, level, valid_from, valid_to)
with event as (
  select user_id, level, ts, lag(level) over (partition by user_id order by ts) as before,
    row_number() over (partition by user_id order by ts) as nth
  from touched_event
),
change as (
  select user_id, level, ts from event where nth = 1 or coalesce(level, '') <> coalesce(before, '')
)
select user_id, level, ts, lead(ts) over (partition by user_id order by ts)
from change;

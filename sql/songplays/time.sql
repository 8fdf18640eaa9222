-- The times at which songs were played, taken apart: one row a start_time of songplays. UTC.

create table if not exists dwh.time (
  start_time timestamp not null,
  hour int4 not null,
  day int4 not null,
  week int4 not null,
  month int4 not null,
  year int4 not null,
  weekday int4 not null,
  primary key (start_time)
);
comment on table dwh.time is 'One row a time at which a song was played.';
comment on column dwh.time.start_time is 'Key: songplays.start_time, UTC.';
comment on column dwh.time.hour is '0 to 23.';
comment on column dwh.time.day is 'Of the month.';
comment on column dwh.time.week is 'Of the year, as ISO 8601 counts.';
comment on column dwh.time.month is '1 to 12.';
comment on column dwh.time.year is 'The year.';
comment on column dwh.time.weekday is '0 is Sunday.';

-- What the loads of events fill, of which all of these are made.
comment on table dwh.raw_events is 'One row a line of a day''s file, cleaned.';
comment on column dwh.raw_events.artist is 'Of the song that was played; null of other pages.';
comment on column dwh.raw_events.auth is 'Logged In, Logged Out or the like.';
comment on column dwh.raw_events.first_name is 'The first name; null of who is not logged in.';
comment on column dwh.raw_events.gender is 'F or M.';
comment on column dwh.raw_events.item_in_session is 'The event''s number in its session, from 0; with session_id the key.';
comment on column dwh.raw_events.last_name is 'The last name.';
comment on column dwh.raw_events.length is 'Seconds of the song, with their decimals.';
comment on column dwh.raw_events.level is 'free or paid.';
comment on column dwh.raw_events.location is 'Where the user was, as a metropolitan area.';
comment on column dwh.raw_events.method is 'Of the HTTP request.';
comment on column dwh.raw_events.page is 'What was asked for; NextSong is a song that was played.';
comment on column dwh.raw_events.registration is 'When the user registered, UTC.';
comment on column dwh.raw_events.session_id is 'The session; with item_in_session the key.';
comment on column dwh.raw_events.song is 'The title of the song.';
comment on column dwh.raw_events.status is 'Of the HTTP answer.';
comment on column dwh.raw_events.ts is 'When it happened, UTC, to the millisecond.';
comment on column dwh.raw_events.user_agent is 'The browser of the user.';
comment on column dwh.raw_events.user_id is 'As the app has it; null of who is not logged in.';

delete from dwh.time where start_time not in (select start_time from dwh.songplays);

insert into dwh.time (start_time, hour, day, week, month, year, weekday)
select distinct
  start_time,
  extract(hour from start_time),
  extract(day from start_time),
  extract(week from start_time),
  extract(month from start_time),
  extract(year from start_time),
  extract(dow from start_time)
from dwh.songplays
where start_time not in (select start_time from dwh.time);

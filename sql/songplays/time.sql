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

-- The fact table: one row a song that was played.
--
--   :day  start of the data interval whose file was loaded, UTC
--
-- What the day's file says replaces what it said before, and every play is held against the songs as they are now. Where
-- two files have a play of one key, the file of the later day counts. So the rows depend on the files alone, not on the
-- order or the number of times in which they were loaded.

create table if not exists dwh.songplays (
  songplay_id varchar(32) not null,
  start_time timestamp not null,
  user_id int4,
  level varchar(1024),
  song_id varchar(1024),
  artist_id varchar(1024),
  session_id int4 not null,
  location varchar(1024),
  user_agent varchar(1024),
  file_day timestamp not null,
  primary key (songplay_id)
);
comment on table dwh.songplays is 'One row a song that was played (page NextSong).';
comment on column dwh.songplays.songplay_id is 'Key: md5 of session_id, a bar and the item in the session.';
comment on column dwh.songplays.start_time is 'When the song began, UTC, with milliseconds.';
comment on column dwh.songplays.user_id is 'Who played it: users.user_id.';
comment on column dwh.songplays.level is 'free or paid, as the event said at that time.';
comment on column dwh.songplays.song_id is 'songs.song_id where title, artist and duration are those of a song, else null.';
comment on column dwh.songplays.artist_id is 'artists.artist_id of that song.';
comment on column dwh.songplays.session_id is 'The session of the app.';
comment on column dwh.songplays.location is 'Where the user was, as a metropolitan area.';
comment on column dwh.songplays.user_agent is 'The browser of the user.';
comment on column dwh.songplays.file_day is 'The day whose file has the play.';

create temp table touched (songplay_id varchar(32) not null);

insert into touched
select songplay_id from dwh.songplays where file_day = cast(:day as timestamp)
union
select md5(cast(session_id as varchar(11)) || '|' || cast(item_in_session as varchar(11)))
from dwh.raw_events where sluice_interval = cast(:day as timestamp);

delete from dwh.songplays where songplay_id in (select songplay_id from touched);

insert into dwh.songplays
  (songplay_id, start_time, user_id, level, session_id, location, user_agent, file_day)
with event as (
  select *, md5(cast(session_id as varchar(11)) || '|' || cast(item_in_session as varchar(11))) as songplay_id
  from dwh.raw_events
),
latest as (
  select * from event where songplay_id in (select songplay_id from touched)
  qualify row_number() over (partition by songplay_id order by sluice_interval desc) = 1
)
select songplay_id, ts, user_id, level, session_id, location, user_agent, sluice_interval
from latest
where page = 'NextSong';

create temp table matched (songplay_id varchar(32) not null, song_id varchar(1024), artist_id varchar(1024));

insert into matched
with song as (
  -- The catalogue of a later day says better what a song is; a song that it does not have any more stays.
  select * from dwh.raw_songs as listed
  qualify row_number() over (partition by song_id order by sluice_interval desc) = 1
)
select songplay.songplay_id, song.song_id, song.artist_id
from dwh.songplays as songplay
join dwh.raw_events as event
  on event.sluice_interval = songplay.file_day
  and md5(cast(event.session_id as varchar(11)) || '|' || cast(event.item_in_session as varchar(11))) = songplay.songplay_id
join song as song on song.title = event.song and song.artist_name = event.artist and song.duration = event.length
-- Two songs may be alike in all three: a play is of one of them.
qualify row_number() over (partition by songplay.songplay_id order by song.song_id) = 1;

update dwh.songplays set song_id = null, artist_id = null
where song_id is not null and songplay_id not in (select songplay_id from matched);

update dwh.songplays set song_id = matched.song_id, artist_id = matched.artist_id
from matched
where matched.songplay_id = songplays.songplay_id
  and (coalesce(songplays.song_id, '') <> matched.song_id
    or coalesce(songplays.artist_id, '') <> coalesce(matched.artist_id, ''));

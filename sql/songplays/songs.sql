-- The songs of the app's catalogue: one row a song, as the catalogue of the latest day that has it says.

create table if not exists dwh.songs (
  song_id varchar(1024) not null,
  title varchar(1024),
  artist_id varchar(1024),
  year int4,
  duration float8,
  primary key (song_id)
);
comment on table dwh.songs is 'One row a song of the catalogue.';
comment on column dwh.songs.song_id is 'Key, as the catalogue has it.';
comment on column dwh.songs.title is 'The title.';
comment on column dwh.songs.artist_id is 'Who made it: artists.artist_id.';
comment on column dwh.songs.year is 'When it came out; null where the catalogue does not know (0).';
comment on column dwh.songs.duration is 'Seconds, with their decimals.';

-- What the loads of songs fill.
comment on table dwh.raw_songs is 'One row a song of a day''s catalogue, cleaned.';
comment on column dwh.raw_songs.num_songs is 'As the catalogue has it.';
comment on column dwh.raw_songs.artist_id is 'Who made it.';
comment on column dwh.raw_songs.artist_latitude is 'Degrees; null where nobody knows.';
comment on column dwh.raw_songs.artist_longitude is 'Degrees; null where nobody knows.';
comment on column dwh.raw_songs.artist_location is 'Where the artist is from; null where nobody knows.';
comment on column dwh.raw_songs.artist_name is 'The name of the artist.';
comment on column dwh.raw_songs.song_id is 'Key, as the catalogue has it.';
comment on column dwh.raw_songs.title is 'The title.';
comment on column dwh.raw_songs.duration is 'Seconds, with their decimals.';
comment on column dwh.raw_songs.year is 'When it came out; null where the catalogue does not know (0).';

delete from dwh.songs;

insert into dwh.songs (song_id, title, artist_id, year, duration)
select song_id, title, artist_id, year, duration from dwh.raw_songs as listed
qualify row_number() over (partition by song_id order by sluice_interval desc) = 1;

-- The artists of the app's catalogue: one row an artist, as the catalogue of the latest day that has them says. Where that
-- has them more than once, the song with the lowest id tells their name and place.

create table if not exists dwh.artists (
  artist_id varchar(1024) not null,
  name varchar(1024),
  location varchar(1024),
  latitude float8,
  longitude float8,
  primary key (artist_id)
);
comment on table dwh.artists is 'One row an artist who has a song in the catalogue.';
comment on column dwh.artists.artist_id is 'Key, as the catalogue has it.';
comment on column dwh.artists.name is 'The name.';
comment on column dwh.artists.location is 'Where they are from, in words.';
comment on column dwh.artists.latitude is 'Of that location, in degrees.';
comment on column dwh.artists.longitude is 'Of that location, in degrees.';

delete from dwh.artists;

insert into dwh.artists (artist_id, name, location, latitude, longitude)
with song as (
  select * from dwh.raw_songs as listed qualify row_number() over (partition by song_id order by sluice_interval desc) = 1
)
select artist_id, artist_name, artist_location, artist_latitude, artist_longitude
from song
where artist_id is not null
qualify row_number() over (partition by artist_id order by sluice_interval desc, song_id) = 1;

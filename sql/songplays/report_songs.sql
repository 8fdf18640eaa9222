-- Songs as the events name them, also those that the catalogue does not have. A play that two files have counts once.
select song || ', ' || artist as song,
  count(distinct cast(session_id as varchar(11)) || '|' || cast(item_in_session as varchar(11))) as plays
from dwh.raw_events
where page = 'NextSong'
group by song, artist
order by plays desc, song, artist
limit 10;

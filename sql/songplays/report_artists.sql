-- Artists as the events name them, also those that the catalogue does not have. A play that two files have counts once.
select artist, count(distinct cast(session_id as varchar(11)) || '|' || cast(item_in_session as varchar(11))) as plays
from dwh.raw_events
where page = 'NextSong'
group by artist
order by plays desc, artist
limit 10;

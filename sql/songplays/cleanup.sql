-- Each day brings the whole catalogue. Of songs that one of the thirty latest days has, those of days before are let go: what
-- the star schema says does not change by it.

create temp table kept (sluice_interval timestamp not null);

insert into kept select distinct sluice_interval from dwh.raw_songs order by 1 desc limit 30;

delete from dwh.raw_songs
where sluice_interval < (select min(sluice_interval) from kept)
  and song_id in (select song_id from dwh.raw_songs where sluice_interval >= (select min(sluice_interval) from kept));

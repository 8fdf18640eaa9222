-- Plays by hour of the day, free and paid.
select t.hour, sum(case when play.level = 'free' then 1 else 0 end) as free,
  sum(case when play.level = 'paid' then 1 else 0 end) as paid
from dwh.songplays as play
join dwh.time as t on t.start_time = play.start_time
group by t.hour
order by t.hour;

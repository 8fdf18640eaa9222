-- Plays by day of the week, free and paid.
select case t.weekday when 0 then 'Sunday' when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday'
    when 4 then 'Thursday' when 5 then 'Friday' else 'Saturday' end as weekday,
  sum(case when play.level = 'free' then 1 else 0 end) as free,
  sum(case when play.level = 'paid' then 1 else 0 end) as paid
from dwh.songplays as play
join dwh.time as t on t.start_time = play.start_time
group by t.weekday
order by (t.weekday + 6) % 7;

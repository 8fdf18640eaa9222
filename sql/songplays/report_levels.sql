-- Plays and the users who played, by level.
select level, count(*) as plays, count(distinct user_id) as users
from dwh.songplays
group by level
order by level;

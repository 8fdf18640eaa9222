-- What the checks of a day's run found. Of those that warned, rows that offend.
--
--   :day  start of the data interval, UTC
select check_name as "check", outcome, offending, threshold as allowed, sample
from sluice.quality
where dag_id = 'songplays' and logical_date = cast(:day as timestamp)
order by case outcome when 'passed' then 1 else 0 end, check_name;

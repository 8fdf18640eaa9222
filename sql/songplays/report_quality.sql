-- What the checks of a day's run found, and what those of other days did that have failed and not been run again since: no
-- report was published of them. Of those that failed or warned, rows that offend.
--
--   :day  start of the data interval, UTC
select cast(logical_date as date) as day, check_name as "check", outcome, offending, threshold as allowed, sample
from sluice.quality
where dag_id = 'songplays' and (logical_date = cast(:day as timestamp) or outcome = 'failed')
order by case outcome when 'failed' then 0 when 'warned' then 1 else 2 end, day, check_name
limit 1000;

-- How often the model was right beside how often the baseline was, of the last ten days that had one.
select cast(logical_date as date) as day, fitted, held_out, round(accuracy, 3) as accuracy, round(baseline, 3) as baseline,
  case when accuracy > baseline then 'yes' else 'no' end as better
from sluice.model_runs
where model = 'still_active'
order by logical_date desc
limit 10;

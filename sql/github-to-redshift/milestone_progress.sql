-- How far milestones are: one row a milestone and logical date.
--
--   :issues, :issue_milestones  the tables of all organisations, as one
--   :logical_date               of the run, UTC
--   :time_zone                  IANA name of the zone in which the report gives its times
--
-- GitHub gives a milestone with each of its issues and pull requests, as it was when that was fetched: the copy that was
-- changed last counts. Its issues are counted here, since GitHub's own counts take pull requests for issues. A milestone
-- without either is not known. A rerun replaces the rows of its logical date and leaves the others.

delete from github_data.milestone_progress where logical_date = cast(:logical_date as timestamp);

insert into github_data.milestone_progress (
  milestone_id, number, title, state, due_on, closed_at, open_issues, closed_issues, url, "timestamp", logical_date
)
with milestone as (
  select
    id, number, title, state, due_on, closed_at,
    coalesce(html_url, url) as url, -- answers of before 2016 have only the API's
    row_number() over (partition by id order by updated_at desc nulls last, issue_id desc) as nth
  from :issue_milestones as issue_milestone
),
progress as (
  select
    milestone_id,
    sum(case when state = 'open' then 1 else 0 end) as open_issues,
    sum(case when state = 'closed' then 1 else 0 end) as closed_issues
  from :issues as issue
  where pull_request_url is null
  group by milestone_id
)
select
  milestone.id,
  milestone.number,
  milestone.title,
  milestone.state,
  milestone.due_on,
  milestone.closed_at,
  coalesce(progress.open_issues, 0) as open_issues,
  coalesce(progress.closed_issues, 0) as closed_issues,
  milestone.url,
  convert_timezone('UTC', :time_zone, cast(:logical_date as timestamp)) as "timestamp",
  cast(:logical_date as timestamp) as logical_date
from milestone
left join progress on progress.milestone_id = milestone.id
where milestone.nth = 1;

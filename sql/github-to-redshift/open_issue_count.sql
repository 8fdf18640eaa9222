-- How many issues are open, by the person they are assigned to: one row a person and logical date.
--
--   :issues, :issue_assignees  the tables of all organisations, as one
--   :logical_date              of the run, UTC
--   :time_zone                 IANA name of the zone in which the report gives its times
--
-- The rows of one logical date are replaced, those of others stay: a rerun gives the same table, and the history grows
-- by one set of rows a run. All of it is one transaction, so a reader sees the rows before it or after it.

delete from github_data.open_issue_count where logical_date = cast(:logical_date as timestamp);

insert into github_data.open_issue_count (login, "count", "timestamp", logical_date)
with open_issue as (
  -- GitHub lists pull requests among the issues; only they have this field.
  select id from :issues as issue where state = 'open' and pull_request_url is null
),
assignment as (
  -- Each assignee counts the issue once. Whether they are a member of the organisation does not matter, and who was
  -- renamed while the lists were fetched stays one person.
  select issue_id, id as assignee_id, max(login) over (partition by id) as login
  from :issue_assignees as issue_assignee
)
select
  coalesce(assignment.login, '(unassigned)') as login,
  count(distinct open_issue.id) as "count",
  convert_timezone('UTC', :time_zone, cast(:logical_date as timestamp)) as "timestamp",
  cast(:logical_date as timestamp) as logical_date
from open_issue
left join assignment on assignment.issue_id = open_issue.id
group by 1;

-- What kind of issues stay open: how many are, by label; one row a label and logical date.
--
--   :issues, :issue_labels  the tables of all organisations, as one
--   :logical_date           of the run, UTC
--   :time_zone              IANA name of the zone in which the report gives its times
--
-- An issue counts once under each of its labels, and without any under '(none)', so the counts add up to more than the
-- issues that are open. Labels of the same name are one, whatever the repository. A rerun replaces the rows of its
-- logical date and leaves the others.

delete from github_data.open_issues_by_label where logical_date = cast(:logical_date as timestamp);

insert into github_data.open_issues_by_label (label, "count", "timestamp", logical_date)
with open_issue as (
  -- GitHub lists pull requests among the issues; only they have this field.
  select id from :issues as issue where state = 'open' and pull_request_url is null
),
labelled as (
  select issue_id, name from :issue_labels as issue_label
)
select
  coalesce(labelled.name, '(none)') as label,
  count(distinct open_issue.id) as "count",
  convert_timezone('UTC', :time_zone, cast(:logical_date as timestamp)) as "timestamp",
  cast(:logical_date as timestamp) as logical_date
from open_issue
left join labelled on labelled.issue_id = open_issue.id
group by 1;

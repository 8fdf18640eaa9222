-- Who has written how many commits by now: one row a person and logical date.
--
--   :commits       the tables of all organisations, as one
--   :logical_date  of the run, UTC
--   :time_zone     IANA name of the zone in which the report gives its times
--
-- A person is a GitHub account, or, where the address of a commit belongs to none, the author's name in git. A commit
-- counts once, whatever number of parents it has and of repositories it is in. A rerun replaces the rows of its logical
-- date and leaves the others.

delete from github_data.commits_per_person where logical_date = cast(:logical_date as timestamp);

insert into github_data.commits_per_person (person, has_account, "count", "timestamp", logical_date)
with written as (
  select
    sha,
    author_id is not null as has_account,
    -- Who was renamed while the lists were fetched stays one person.
    case
      when author_id is not null then max(author_login) over (partition by author_id)
      else commit_author_name
    end as person
  from :commits as commit_of_repository
)
select
  coalesce(person, '(unknown)') as person,
  has_account,
  count(distinct sha) as "count",
  convert_timezone('UTC', :time_zone, cast(:logical_date as timestamp)) as "timestamp",
  cast(:logical_date as timestamp) as logical_date
from written
group by 1, 2;

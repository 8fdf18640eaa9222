/** What a run came to: open issues per assignee on its logical date, the longest list first. */
export const openIssueCount = (logicalDate: string): string =>
  `select login, "count", "timestamp" from github_data.open_issue_count
   where logical_date = '${logicalDate}' order by "count" desc, login`;

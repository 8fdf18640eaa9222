/** The warehouse tables: what GitHub's list endpoints answer, typed, and reports on it. README.md says what differs from the old schemas. */
import { type GithubObject, listOf } from '#lambdas/sources/github/objects.ts';
import type { Table } from '#lib/contract/table.ts';
import { type Config, objects, orgs } from './config.ts';
import type { Named } from './tables/columns.ts';
import { commitComments, issueComments } from './tables/comments.ts';
import { commits } from './tables/commits.ts';
import { issues } from './tables/issues.ts';
import { members, organizations } from './tables/owners.ts';
import { pullRequests } from './tables/pull-requests.ts';
import { reportTables } from './tables/reports.ts';
import { repositories } from './tables/repositories.ts';

/** The declaration of each kind of object, with names for the organisation or credential that it belongs to. */
export const DECLARATIONS: Readonly<Record<GithubObject, (named: Named) => Table>> = {
  issues,
  pull_requests: pullRequests,
  issue_comments: issueComments,
  commit_comments: commitComments,
  commits,
  members,
  repositories,
  organizations,
};

/** `github_data.<owner>_<name>`: each organisation has its own tables, as the dashboards know them. */
export const tableName = (owner: string, name: string): string => `github_data.${owner}_${name}`;

/** Every table of a configuration: those of organisations, then those of credentials, then the reports. */
export function tablesOf({ orgs, objects }: Config): Table[] {
  const tablesFor = (owners: readonly string[], isUser: boolean) =>
    [...new Set(owners)].flatMap((owner) =>
      objects
        .filter(({ object }) => (listOf(object) === 'user') === isUser)
        .map(({ object }) => DECLARATIONS[object]((name) => tableName(owner, name))),
    );
  return [
    ...tablesFor(
      orgs.map(({ org }) => org),
      false,
    ),
    ...tablesFor(
      orgs.map(({ credential }) => credential),
      true,
    ),
    ...reportTables,
  ];
}

export const tables = tablesOf({ orgs, objects });

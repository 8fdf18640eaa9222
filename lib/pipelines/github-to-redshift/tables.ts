/** The warehouse tables: what GitHub's list endpoints answer, typed. README.md says what differs from the old schemas. */
import type { Column, Table } from '#lib/contract/table.ts';
import { orgs } from './config.ts';

type Name = 'issues' | 'issue_assignees' | 'members';

/** `github_data.<org>_<name>`: each organisation has its own tables, as the dashboards know them. */
export const tableName = (org: string, name: Name): string => `github_data.${org}_${name}`;

const id = { name: 'id', type: 'int8', notNull: true } satisfies Column;
const login = { name: 'login', type: 'varchar(255)', notNull: true } satisfies Column;
const urls = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'varchar(2048)' }));

const issueColumns: Column[] = [
  id,
  { name: 'number', type: 'int4', notNull: true },
  { name: 'title', type: 'varchar(4096)' },
  { name: 'body', type: 'varchar(65535)' },
  { name: 'state', type: 'varchar(32)', notNull: true },
  { name: 'state_reason', type: 'varchar(32)' },
  { name: 'locked', type: 'boolean' },
  { name: 'comments', type: 'int4' },
  { name: 'author_association', type: 'varchar(64)' },
  { name: 'user_id', type: 'int8' },
  { name: 'user_login', type: 'varchar(255)' },
  { name: 'assignee_id', type: 'int8' },
  { name: 'milestone_id', type: 'int8' },
  { name: 'created_at', type: 'timestamptz', notNull: true },
  { name: 'updated_at', type: 'timestamptz' },
  { name: 'closed_at', type: 'timestamptz' },
  // Only a pull request has it: GitHub lists both among the issues.
  ...urls('pull_request_url', 'repository_url', 'url', 'html_url', 'comments_url', 'events_url', 'labels_url'),
];

const memberColumns: Column[] = [
  id,
  login,
  { name: 'type', type: 'varchar(64)' },
  { name: 'site_admin', type: 'boolean' },
  { name: 'gravatar_id', type: 'varchar(255)' },
  ...urls('avatar_url', 'url', 'html_url', 'followers_url', 'following_url', 'gists_url', 'starred_url'),
  ...urls('subscriptions_url', 'organizations_url', 'repos_url', 'events_url', 'received_events_url'),
];

export const tables: Table[] = orgs.flatMap(({ org }) => [
  {
    name: tableName(org, 'issues'),
    columns: issueColumns,
    primaryKey: ['id'],
    distKey: 'id',
    sortKey: ['created_at'],
    children: [
      {
        name: tableName(org, 'issue_assignees'),
        // Answers of before 2016 have only the one assignee.
        from: ['assignees', 'assignee'],
        parent: { issue_id: 'id' },
        columns: [{ ...id, name: 'issue_id' }, id, login],
      },
    ],
  },
  { name: tableName(org, 'members'), columns: memberColumns, primaryKey: ['id'] },
]);

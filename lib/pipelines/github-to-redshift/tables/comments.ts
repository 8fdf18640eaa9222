import type { Column } from '#lib/contract/table.ts';
import type { Table } from '#sluice';
import { counts, created, id, ids, lines, type Named, names, texts, times, urls, words } from './columns.ts';

const columns: readonly Column[] = [
  id,
  ...texts('body'),
  ...words('author_association'),
  ...ids('user_id'),
  ...names('user_login'),
  created,
  ...times('updated_at'),
  ...urls('url', 'html_url'),
];

/** Comments on issues and on pull requests' conversations; `issue_url` says on which. */
export const issueComments = (named: Named): Table => ({
  name: named('issue_comments'),
  columns: [...columns, ...urls('issue_url')],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
  sortKey: ['created_at'],
});

/** Comments on commits; without `path` on a commit as a whole. */
export const commitComments = (named: Named): Table => ({
  name: named('commit_comments'),
  columns: [
    ...columns,
    { name: 'commit_id', type: 'varchar(64)', notNull: true },
    ...lines('path'),
    ...counts('position', 'line'),
  ],
  primaryKey: ['id'],
  sortKey: ['created_at'],
});

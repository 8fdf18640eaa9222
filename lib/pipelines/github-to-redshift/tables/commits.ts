import type { Column } from '#lib/contract/table.ts';
import type { Table } from '#sluice';
import { counts, flags, ids, lines, type Named, names, texts, times, urls, words } from './columns.ts';

const sha = { name: 'sha', type: 'varchar(64)', notNull: true } satisfies Column;

/**
 * Commits of the default branch. `commit_author_*` and `commit_committer_*` are what git recorded; `author_*` and
 * `committer_*` are the GitHub accounts with those addresses, null where there is none.
 */
export const commits = (named: Named): Table => ({
  name: named('commits'),
  columns: [
    sha,
    ...texts('commit_message'),
    ...lines('commit_author_name', 'commit_author_email'),
    ...times('commit_author_date'),
    ...lines('commit_committer_name', 'commit_committer_email'),
    ...times('commit_committer_date'),
    ...ids('author_id'),
    ...names('author_login'),
    ...ids('committer_id'),
    ...names('committer_login'),
    ...counts('commit_comment_count'),
    ...words('commit_tree_sha'),
    ...flags('commit_verification_verified'),
    ...words('commit_verification_reason'),
    ...texts('commit_verification_signature', 'commit_verification_payload'),
    // Of a repository: forks of one organisation have the same commits.
    { name: 'url', type: 'varchar(2048)', notNull: true },
    ...urls('html_url', 'comments_url', 'commit_url', 'commit_tree_url'),
  ],
  primaryKey: ['url'],
  sortKey: ['commit_committer_date'],
  children: [
    {
      name: named('commit_parents'),
      from: ['parents'],
      parent: { commit_url: 'url', commit_sha: 'sha' },
      // A merge has two, the first commit of a repository none.
      columns: [
        { name: 'commit_url', type: 'varchar(2048)', notNull: true },
        { ...sha, name: 'commit_sha' },
        sha,
        ...urls('url', 'html_url'),
      ],
    },
  ],
});

import type { Table } from '#sluice';
import { created, flags, id, ids, lines, type Named, names, texts, times, urls, words } from './columns.ts';
import { assigneesOf, labelsOf } from './issues.ts';

/** Pull requests with their branches. Their numbers are those of the issues that GitHub lists them as; their ids are not. */
export const pullRequests = (named: Named): Table => ({
  name: named('pull_requests'),
  columns: [
    id,
    { name: 'number', type: 'int4', notNull: true },
    ...lines('title'),
    ...texts('body'),
    { name: 'state', type: 'varchar(32)', notNull: true },
    ...flags('locked', 'draft'),
    ...words('author_association'),
    ...ids('user_id'),
    ...names('user_login'),
    ...ids('assignee_id', 'milestone_id'),
    ...names('head_label', 'head_ref', 'base_label', 'base_ref'),
    ...words('head_sha', 'base_sha', 'merge_commit_sha'),
    created,
    ...times('updated_at', 'closed_at', 'merged_at'),
    ...urls('url', 'html_url', 'diff_url', 'patch_url', 'issue_url', 'commits_url', 'comments_url', 'statuses_url'),
    ...urls('review_comments_url', 'review_comment_url', '_links_self_href', '_links_html_href', '_links_issue_href'),
    ...urls('_links_comments_href', '_links_review_comments_href', '_links_review_comment_href'),
    ...urls('_links_commits_href', '_links_statuses_href'),
  ],
  primaryKey: ['id'],
  distKey: 'id',
  sortKey: ['created_at'],
  children: [
    assigneesOf('pull_request', named('pull_request_assignees')),
    labelsOf('pull_request', named('pull_request_labels')),
  ],
});

import type { Table } from '#sluice';
import { counts, flags, id, ids, lines, type Named, names, times, urls, words } from './columns.ts';

export const repositories = (named: Named): Table => ({
  name: named('repositories'),
  columns: [
    id,
    { name: 'name', type: 'varchar(255)', notNull: true },
    { name: 'full_name', type: 'varchar(511)', notNull: true },
    ...ids('owner_id'),
    ...lines('description'),
    ...urls('homepage'),
    ...names('language', 'default_branch', 'license_spdx_id'),
    ...words('visibility'),
    ...flags('private', 'fork', 'archived', 'disabled', 'is_template', 'has_issues', 'has_projects', 'has_downloads'),
    ...flags('has_wiki', 'has_pages', 'permissions_admin', 'permissions_push', 'permissions_pull'),
    ...counts('open_issues_count', 'open_issues', 'stargazers_count', 'watchers_count', 'watchers'),
    ...counts('forks_count', 'forks'),
    // In kilobytes.
    ...ids('size'),
    ...times('created_at', 'updated_at', 'pushed_at'),
    ...urls('url', 'html_url', 'git_url', 'ssh_url', 'clone_url', 'svn_url', 'mirror_url', 'archive_url'),
    ...urls('assignees_url', 'blobs_url', 'branches_url', 'collaborators_url', 'comments_url', 'commits_url'),
    ...urls('compare_url', 'contents_url', 'contributors_url', 'deployments_url', 'downloads_url', 'events_url'),
    ...urls('forks_url', 'git_commits_url', 'git_refs_url', 'git_tags_url', 'hooks_url', 'issue_comment_url'),
    ...urls('issue_events_url', 'issues_url', 'keys_url', 'labels_url', 'languages_url', 'merges_url'),
    ...urls('milestones_url', 'notifications_url', 'pulls_url', 'releases_url', 'stargazers_url', 'statuses_url'),
    ...urls('subscribers_url', 'subscription_url', 'tags_url', 'teams_url', 'trees_url'),
  ],
  primaryKey: ['id'],
});

import type { Table } from '#sluice';
import { flags, id, lines, login, type Named, names, urls, words } from './columns.ts';

/** Members that the credential may see, as the list has them: profiles are asked for one by one, and are not. */
export const members = (named: Named): Table => ({
  name: named('members'),
  columns: [
    id,
    login,
    ...words('type'),
    ...flags('site_admin'),
    ...names('gravatar_id'),
    ...urls('avatar_url', 'url', 'html_url', 'followers_url', 'following_url', 'gists_url', 'starred_url'),
    ...urls('subscriptions_url', 'organizations_url', 'repos_url', 'events_url', 'received_events_url'),
  ],
  primaryKey: ['id'],
});

/** Organisations of the credential's user. */
export const organizations = (named: Named): Table => ({
  name: named('organizations'),
  columns: [
    id,
    login,
    ...lines('description'),
    ...urls('url', 'repos_url', 'events_url', 'hooks_url', 'issues_url'),
    ...urls('members_url', 'public_members_url', 'avatar_url'),
  ],
  primaryKey: ['id'],
});

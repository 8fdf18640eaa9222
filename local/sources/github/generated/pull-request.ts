import { createHash } from 'node:crypto';
import type { IssuePlace, issueObject } from './issue.ts';
import { randomOf } from './random.ts';

const FIRST_ID = 1_000_000_000;

const shaOf = (...key: readonly (string | number)[]) => createHash('sha1').update(key.join('\n')).digest('hex');

type Issue = ReturnType<typeof issueObject>;

const linksOf = (url: string, issue: Issue, sha: string) => ({
  self: url,
  html: issue.html_url,
  issue: issue.url,
  comments: issue.comments_url,
  review_comments: `${url}/comments`,
  review_comment: `${url.replace(/\d+$/, '')}comments{/number}`,
  commits: `${url}/commits`,
  statuses: `${url.replace(/pulls.*/, 'statuses/')}${sha}`,
});

/** What the issue and the pull request have in common. */
const IN_COMMON = [
  'number',
  'state',
  'locked',
  'title',
  'user',
  'body',
  'labels',
  'milestone',
  'assignee',
  'assignees',
  'created_at',
  'updated_at',
  'closed_at',
  'author_association',
] as const;

const inCommon = (issue: Issue): object => Object.fromEntries(IN_COMMON.map((name) => [name, issue[name]]));

/** An object of `/repos/{owner}/{repo}/pulls`: what an issue that is a pull request looks like there. */
export const pullRequestObject = ({ seed, owner, repository, slot }: IssuePlace, issue: Issue) => {
  const { number, html_url, user, closed_at } = issue;
  const random = randomOf(seed, owner, repository, 'pull', number);
  const id = FIRST_ID + number * 2 ** 25 + slot;
  const url = issue.url.replace('/issues/', '/pulls/');
  const isMerged = closed_at !== null && random() < 0.8;
  const head = { ref: `fix-${number}`, sha: shaOf(owner, repository, number) };
  const base = { ref: 'main', sha: shaOf(owner, repository, 'main') };
  const links = linksOf(url, issue, head.sha);
  return {
    url,
    id,
    node_id: `PR_${Buffer.from(String(id)).toString('base64url')}`,
    html_url,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    issue_url: issue.url,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    ...inCommon(issue),
    merged_at: isMerged ? closed_at : null,
    merge_commit_sha: isMerged ? shaOf(owner, repository, 'merge', number) : null,
    requested_reviewers: random() < 0.7 ? [] : [user],
    requested_teams: [],
    draft: random() < 0.1,
    // The fork that it came from is gone.
    head: { label: `${user.login}:${head.ref}`, ...head, user, repo: null },
    base: { label: `${owner}:${base.ref}`, ...base, repo: { name: repository, owner: { login: owner } } },
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    auto_merge: null,
  };
};

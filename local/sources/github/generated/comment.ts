import type { IssuePlace, issueObject } from './issue.ts';
import { userObject } from './people.ts';
import { between, pick, type Random, randomOf } from './random.ts';
import { body } from './words.ts';

const FIRST_ID = 3_000_000_000;
const MOST_AN_ISSUE = 64;
const HOUR = 3_600_000;

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const written = (random: Random, people: IssuePlace['people'], after: number) => {
  const created = after + between(random, [60_000, 48 * HOUR]);
  return {
    user: userObject(pick(random, people)),
    created_at: time(created),
    updated_at: time(created + (random() < 0.8 ? 0 : between(random, [60_000, HOUR]))),
    author_association: pick(random, ['MEMBER', 'CONTRIBUTOR', 'NONE']),
    body: body(random) ?? '',
  };
};

/** The objects of `/repos/{owner}/{repo}/issues/comments` on one issue: as many as it says. */
export const issueCommentObjects = (place: IssuePlace, issue: ReturnType<typeof issueObject>) =>
  Array.from({ length: issue.comments }, (_, n) => {
    const id = FIRST_ID + (issue.number * MOST_AN_ISSUE + n) * 2 ** 16 + place.slot;
    const random = randomOf(place.seed, place.owner, place.repository, 'comment', id);
    const repository = issue.url.replace(/\/issues\/\d+$/, '');
    return {
      url: `${repository}/issues/comments/${id}`,
      html_url: `${issue.html_url}#issuecomment-${id}`,
      issue_url: issue.url,
      id,
      node_id: `IC_${id}`,
      ...written(random, place.people, Date.parse(issue.created_at)),
      performed_via_github_app: null,
    };
  });

/** What a comment is on. */
interface Commit {
  readonly sha: string;
  readonly url: string;
  readonly html_url: string;
  readonly commit: { readonly committer: { readonly date: string } };
}

/** An object of `/repos/{owner}/{repo}/comments`: on a line of a commit, or on the commit as a whole. */
export const commitCommentObject = (place: IssuePlace, { sha, url, html_url, commit }: Commit) => {
  const random = randomOf(place.seed, place.owner, place.repository, 'commit comment', sha);
  const id = between(random, [1, 2 ** 31]) * 2 ** 16 + place.slot;
  const line = random() < 0.5 ? null : between(random, [1, 400]);
  return {
    url: url.replace(/\/commits\/.*/, `/comments/${id}`),
    html_url: `${html_url}#commitcomment-${id}`,
    id,
    node_id: `CC_${id}`,
    position: line,
    line,
    path: line === null ? null : 'dags/example.py',
    commit_id: sha,
    ...written(random, place.people, Date.parse(commit.committer.date)),
  };
};

import { GHOST, type Person, peopleOf, userObject } from './people.ts';
import { between, pick, type Random, randomOf, some } from './random.ts';
import { body, title } from './words.ts';

/** Where an issue is, and who may have to do with it. */
export interface IssuePlace {
  readonly seed: number;
  readonly owner: string;
  readonly repository: string;
  /** Less than 2^25, and the repository's own: issue ids are made unique by it. */
  readonly slot: number;
  readonly people: readonly Person[];
  /** The one assignee of an open issue, whatever chance says. */
  readonly assignee?: Person;
}

const API = 'https://api.github.com';
const FIRST_ID = 2_000_000_000;
const EPOCH = Date.UTC(2021, 0, 4, 8);
const DAY = 86_400_000;

const LABELS = [
  ['bug', 'd73a4a'],
  ['enhancement', 'a2eeef'],
  ['good first issue', '7057ff'],
  ['area/scheduler', 'c5def5'],
  ['日本語', 'ededed'],
] as const;

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const labelObjects = (random: Random, url: string) =>
  random() < 0.6
    ? []
    : some(random, LABELS, between(random, [1, 3])).map(([name, color]) => {
        const id = 1_000_000_000 + LABELS.findIndex((label) => label[0] === name);
        const of = `${url}/labels/${encodeURIComponent(name)}`;
        return { id, node_id: `LA_${id}`, url: of, name, color, default: name === 'bug', description: null };
      });

/** The milestones of a repository: the first is done, the second due, the others have no date. */
const milestoneObject = ({ slot, people }: IssuePlace, url: string, number: number) => {
  const id = 8_000_000 + slot * 10 + number;
  const isDone = number === 1;
  return {
    url: `${url}/milestones/${number}`,
    html_url: `${url.replace(`${API}/repos`, 'https://github.com')}/milestone/${number}`,
    labels_url: `${url}/milestones/${number}/labels`,
    id,
    node_id: `MI_${id}`,
    number,
    title: `v0.${number}`,
    description: isDone ? null : 'Next release',
    creator: userObject(people[number] as Person),
    open_issues: 2,
    closed_issues: 8,
    state: isDone ? 'closed' : 'open',
    created_at: '2021-01-01T00:00:00Z',
    updated_at: '2025-01-01T00:00:00Z',
    due_on: number <= 2 ? `202${number}-06-30T07:00:00Z` : null,
    closed_at: isDone ? '2021-07-02T09:30:00Z' : null,
  };
};

const reactionsObject = (random: Random, url: string) => {
  const plus = random() < 0.8 ? 0 : between(random, [1, 30]);
  const counts = { '+1': plus, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: plus, ...counts };
};

const assigneesOf = (random: Random, people: readonly Person[]): Person[] => {
  const kind = random();
  if (kind < 0.55) return [];
  return some(random, people, kind < 0.85 ? 1 : between(random, [2, 4]));
};

/** When it was opened and last changed, and how it ended. */
const courseOf = (random: Random, number: number, { people, assignee }: IssuePlace) => {
  // Later numbers are opened later.
  const created = EPOCH + (number * DAY) / 2 + between(random, [0, DAY / 3]);
  const updated = time(created + (random() < 0.2 ? 0 : between(random, [60_000, 90 * DAY])));
  const times = { created_at: time(created), updated_at: updated };
  const isClosed = random() < 0.45 && !assignee;
  if (!isClosed) return { state: 'open', times, closed_at: null, closed_by: null, reason: null };
  const reason = pick(random, ['completed', 'not_planned']);
  return { state: 'closed', times, closed_at: updated, closed_by: userObject(pick(random, people)), reason };
};

const pullRequestFields = (url: string, html: string, mergedAt: string | null) => ({
  draft: false,
  pull_request: {
    url: url.replace('/issues/', '/pulls/'),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: mergedAt,
  },
});

const countsAndBody = (random: Random) => ({
  sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
  issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
  body: body(random),
});

/** One object of `/repos/{owner}/{repo}/issues`: an issue or, as in one of four, a pull request. */
export const issueObject = (place: IssuePlace, number: number) => {
  const { owner, repository, slot, people, assignee } = place;
  const random = randomOf(place.seed, owner, repository, number);
  const repositoryUrl = `${API}/repos/${owner}/${repository}`;
  const url = `${repositoryUrl}/issues/${number}`;
  const isPull = random() < 0.25 && !assignee;
  const html = `https://github.com/${owner}/${repository}/${isPull ? 'pull' : 'issues'}/${number}`;
  const author = random() < 0.03 ? GHOST : pick(random, people);
  const assignees = (assignee ? [assignee] : assigneesOf(random, people)).map((person) => userObject(person));
  const { state, times, closed_at, closed_by, reason } = courseOf(random, number, place);
  const id = FIRST_ID + number * 2 ** 25 + slot;
  return {
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id,
    node_id: `${isPull ? 'PR' : 'I'}_${Buffer.from(String(id)).toString('base64url')}`,
    number,
    title: title(random),
    user: userObject(author),
    labels: labelObjects(random, repositoryUrl),
    state,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: random() < 0.8 ? null : milestoneObject(place, repositoryUrl, between(random, [1, 4])),
    comments: random() < 0.5 ? 0 : between(random, [1, 5]),
    ...times,
    closed_at,
    author_association: pick(random, ['MEMBER', 'CONTRIBUTOR', 'NONE', 'COLLABORATOR']),
    type: null,
    active_lock_reason: null,
    ...(isPull && pullRequestFields(url, html, closed_at)),
    ...countsAndBody(random),
    closed_by,
    reactions: reactionsObject(random, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: isPull ? null : reason,
  };
};

let bench: IssuePlace | undefined;

/**
 * The text of one generated issue, without any server: the same for the same seed and number, with an id of its own
 * for each number up to 10^8.
 */
export const issueText = (seed: number, number: number): string => {
  if (bench?.seed !== seed) {
    bench = { seed, owner: 'octo-org', repository: 'octo-repo', slot: 0, people: peopleOf(seed) };
  }
  return JSON.stringify(issueObject(bench, number));
};

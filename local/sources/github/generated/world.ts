import { collectionOf } from '../collection.ts';
import { mapLists, type Organisation, type Repository, type RepositoryList, type World } from '../world.ts';
import { commitCommentObject, issueCommentObjects } from './comment.ts';
import { commitObject } from './commit.ts';
import { type IssuePlace, issueObject } from './issue.ts';
import { type Person, peopleOf, TWIN, userObject } from './people.ts';
import { pullRequestObject } from './pull-request.ts';
import { hashOf, randomOf } from './random.ts';
import { membershipObject, organisationObject, repositoryObject } from './repository.ts';

/** How many issues each repository of an organisation has; organisations take turns with the two lists. */
const SIZES = [
  [231, 118, 63, 41, 24, 9, 3, 0],
  [107, 29, 8, 1, 0],
];
const NAMES = ['core', 'cli', 'Example-DAGs', 'helm.charts', 'docs', 'provider_kit', 'blog-posts', 'sandbox'];

/** This one had another name before. */
const RENAMED = { now: 'cli', before: 'command-line' };
/** The first issue of the first repository is TWIN's. */
const TWINS_ISSUE = 1;

const objectsOf = (place: IssuePlace, count: number, isFirst: boolean) =>
  Array.from({ length: count }, (_, n) => count - n).map((number) =>
    issueObject(isFirst && number === TWINS_ISSUE ? { ...place, assignee: TWIN } : place, number),
  );

/** Made when first asked for. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Of a repository with these issues; it has as many commits. */
const listsOf = (place: IssuePlace, issues: ReturnType<typeof objectsOf>): Repository['lists'] => {
  const commits = lazily(() => issues.map(({ number }) => commitObject(place, number)));
  const objects: Record<RepositoryList, () => readonly object[]> = {
    issues: () => issues,
    pull_requests: () => issues.filter((one) => 'pull_request' in one).map((one) => pullRequestObject(place, one)),
    // The oldest first, as GitHub lists comments.
    issue_comments: () => issues.toReversed().flatMap((issue) => issueCommentObjects(place, issue)),
    commit_comments: () =>
      commits()
        .filter(({ commit }) => commit.comment_count > 0)
        .toReversed()
        .map((commit) => commitCommentObject(place, commit)),
    commits,
  };
  return mapLists((list) => lazily(() => collectionOf(objects[list]())));
};

/** Two in three of the people, in the order of their ids, which is the API's. */
const membersOf = (seed: number, login: string): Person[] => {
  const people = peopleOf(seed).filter((person) => randomOf(seed, login, person.login)() < 0.66);
  return [...people, TWIN].sort((a, b) => a.id - b.id);
};

/** The index of organisations that were not named in advance, which is no other one's. */
const UNNAMED = 99;

/** Where ids of an organisation's repositories begin: less than 2^16, so that those of all their objects are unique. */
const firstSlotOf = (login: string, index: number): number =>
  index === UNNAMED ? 2 ** 15 + (hashOf(login.toLowerCase()) % 2 ** 12) * 8 : index * 1000;

const ownerOf = (login: string, index: number): Person => ({
  login,
  id: 10_000_000 + (hashOf(login) % 1_000_000) * 100 + index,
});

const generateOrganisation = (seed: number, login: string, index: number): Organisation => {
  const owner = ownerOf(login, index);
  const people = peopleOf(seed);
  const repositories = (SIZES[index % SIZES.length] ?? []).map((count, at): Repository => {
    const name = NAMES[at] as string;
    const slot = firstSlotOf(login, index) + at;
    const id = 700_000_000 + slot;
    const place: IssuePlace = { seed, owner: login, repository: name, slot, people };
    const issues = objectsOf(place, count, at === 0);
    const openIssues = issues.filter(({ state }) => state === 'open').length;
    const text = JSON.stringify(repositoryObject({ owner, name, id, openIssues }));
    return { id, name, text, lists: listsOf(place, issues) };
  });
  const renamed = repositories.find(({ name }) => name === RENAMED.now);
  return {
    id: owner.id,
    text: JSON.stringify(organisationObject(owner, repositories.length)),
    repositories,
    renamed: renamed ? { [RENAMED.before]: renamed.id } : {},
    members: lazily(() => collectionOf(membersOf(seed, login).map((person) => userObject(person)))),
  };
};

/** GitHub's rule for logins. */
const LOGIN = /^(?=.{1,39}$)[a-z\d]+(-[a-z\d]+)*$/i;

/**
 * Organisations that a seed always gives, each made when first asked for. `logins` are those of whoever asks; any other
 * name that GitHub allows is an organisation too.
 */
export const generatedWorld = (seed: number, logins: readonly string[]): World => {
  const organisations = new Map(
    logins.map((login, index) => [login.toLowerCase(), lazily(() => generateOrganisation(seed, login, index))]),
  );
  const organisation = (login: string): Organisation | undefined => {
    const key = login.toLowerCase();
    if (!organisations.has(key) && LOGIN.test(login)) {
      organisations.set(
        key,
        lazily(() => generateOrganisation(seed, login, UNNAMED)),
      );
    }
    return organisations.get(key)?.();
  };
  return {
    organisation,
    organisations: () => [...organisations.values()].map((one) => one()),
    memberships: lazily(() => collectionOf(logins.map((login, index) => membershipObject(ownerOf(login, index))))),
  };
};

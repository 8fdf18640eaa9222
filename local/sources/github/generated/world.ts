import { collectionOf } from '../collection.ts';
import type { Organisation, Repository, World } from '../world.ts';
import { type IssuePlace, issueObject } from './issue.ts';
import { type Person, peopleOf, TWIN, userObject } from './people.ts';
import { hashOf, randomOf } from './random.ts';
import { organisationObject, repositoryObject } from './repository.ts';

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

/** Two in three of the people, in the order of their ids, which is the API's. */
const membersOf = (seed: number, login: string): Person[] => {
  const people = peopleOf(seed).filter((person) => randomOf(seed, login, person.login)() < 0.66);
  return [...people, TWIN].sort((a, b) => a.id - b.id);
};

const generateOrganisation = (seed: number, login: string, index: number): Organisation => {
  const owner: Person = { login, id: 10_000_000 + (hashOf(login) % 1_000_000) * 100 + index };
  const people = peopleOf(seed);
  const repositories = (SIZES[index % SIZES.length] ?? []).map((count, at): Repository => {
    const name = NAMES[at] as string;
    const slot = index * 1000 + at;
    const id = 700_000_000 + slot;
    const place: IssuePlace = { seed, owner: login, repository: name, slot, people };
    const objects = objectsOf(place, count, at === 0);
    const openIssues = objects.filter(({ state }) => state === 'open').length;
    const text = JSON.stringify(repositoryObject({ owner, name, id, openIssues }));
    return { id, name, text, issues: lazily(() => collectionOf(objects)) };
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

/** Organisations that a seed always gives, each made when first asked for. */
export const generatedWorld = (seed: number, logins: readonly string[]): World => {
  const organisations = new Map(
    logins.map((login, index) => [login.toLowerCase(), lazily(() => generateOrganisation(seed, login, index))]),
  );
  return {
    organisation: (login) => organisations.get(login.toLowerCase())?.(),
    organisations: () => [...organisations.values()].map((organisation) => organisation()),
  };
};

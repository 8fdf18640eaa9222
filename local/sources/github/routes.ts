import type { Collection } from './collection.ts';
import { userObject } from './generated/people.ts';
import { pageOf } from './paging.ts';
import { failure, json, movedTo, notFound, type Reply } from './reply.ts';
import { filterOf, select } from './selection.ts';
import { type Organisation, REPOSITORY_LISTS, type Repository, type World } from './world.ts';

/** One request, as the routes see it. */
export interface Asked {
  readonly world: World;
  /** Of the server: `http://127.0.0.1:4000`. */
  readonly base: string;
  /** Decoded parts of the path. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const whole = (collection: Collection): number[] => Array.from({ length: collection.length }, (_, at) => at);

const isList = (path: string): path is keyof typeof REPOSITORY_LISTS => Object.hasOwn(REPOSITORY_LISTS, path);

const ofRepository = ({ id, text, lists }: Repository, { base, query }: Asked, rest: readonly string[]): Reply => {
  if (rest.length === 0) return json(text);
  const path = rest.join('/');
  if (!isList(path)) return notFound();
  const list = REPOSITORY_LISTS[path];
  const collection = lists[list]();
  if (list === 'commits' && collection.length === 0) return failure(409, 'Git Repository is empty.');
  const positions = select(collection, filterOf(list, query));
  return pageOf({ collection, positions, address: `${base}/repositories/${id}/${path}` }, query);
};

const ofOrganisation = (organisation: Organisation, { base, query }: Asked, rest: readonly string[]): Reply => {
  const { id, text, repositories, members } = organisation;
  const list = rest.join('/');
  if (list === '') return json(text);
  if (list !== 'repos' && list !== 'members') return notFound();
  const texts = repositories.map((repository) => Buffer.from(repository.text));
  const collection: Collection =
    list === 'members'
      ? members()
      : { length: texts.length, read: (positions) => positions.map((at) => texts[at] as Buffer) };
  return pageOf({ collection, positions: whole(collection), address: `${base}/organizations/${id}/${list}` }, query);
};

const byName = ({ repositories }: Organisation, name: string): Repository | undefined =>
  repositories.find((repository) => repository.name.toLowerCase() === name.toLowerCase());

/** By owner and name; a name that a repository had before leads to where it is by id. */
const namedRepository = (asked: Asked, [owner = '', name = '', ...rest]: readonly string[]): Reply => {
  const organisation = asked.world.organisation(owner);
  const repository = organisation && byName(organisation, name);
  if (repository) return ofRepository(repository, asked, rest);
  const id = organisation?.renamed[name.toLowerCase()];
  if (id === undefined) return notFound();
  const query = asked.query.size === 0 ? '' : `?${asked.query}`;
  return movedTo(`${asked.base}/${['repositories', id, ...rest].join('/')}${query}`);
};

const ROUTES: Readonly<Record<string, (asked: Asked, rest: readonly string[]) => Reply>> = {
  orgs: (asked, [login = '', ...rest]) => {
    const organisation = asked.world.organisation(login);
    return organisation ? ofOrganisation(organisation, asked, rest) : notFound();
  },
  organizations: (asked, [id, ...rest]) => {
    const organisation = asked.world.organisations().find((candidate) => String(candidate.id) === id);
    return organisation ? ofOrganisation(organisation, asked, rest) : notFound();
  },
  repos: namedRepository,
  repositories: (asked, [id, ...rest]) => {
    const all = asked.world.organisations().flatMap(({ repositories }) => repositories);
    const repository = all.find((candidate) => String(candidate.id) === id);
    return repository ? ofRepository(repository, asked, rest) : notFound();
  },
  user: ({ world, base, query }, rest) => {
    if (rest.length === 0) return json(JSON.stringify(userObject({ login: 'sluice-stand-in', id: 583_231 })));
    if (rest.join('/') !== 'orgs') return notFound();
    const collection = world.memberships();
    return pageOf({ collection, positions: whole(collection), address: `${base}/user/orgs` }, query);
  },
};

/** The answer to a GET of some path, limits and identity aside. */
export const route = (asked: Asked): Reply => {
  const [first = '', ...rest] = asked.path;
  return Object.hasOwn(ROUTES, first) ? (ROUTES[first]?.(asked, rest) ?? notFound()) : notFound();
};

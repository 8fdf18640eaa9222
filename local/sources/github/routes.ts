import type { Collection } from './collection.ts';
import { userObject } from './generated/people.ts';
import { pageOf } from './paging.ts';
import { json, movedTo, notFound, type Reply } from './reply.ts';
import { type Filter, select } from './selection.ts';
import type { Organisation, Repository, World } from './world.ts';

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

const filterOf = (query: URLSearchParams): Filter => {
  const given = (name: string) => (query.has(name) ? { [name]: query.get(name) ?? '' } : {});
  return { state: query.get('state') ?? 'open', ...given('since'), ...given('sort'), ...given('direction') };
};

const ofRepository = ({ id, text, issues }: Repository, { base, query }: Asked, rest: readonly string[]): Reply => {
  if (rest.length === 0) return json(text);
  if (rest.join('/') !== 'issues') return notFound();
  const collection = issues();
  const positions = select(collection, filterOf(query));
  return pageOf({ collection, positions, address: `${base}/repositories/${id}/issues` }, query);
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
  user: (_, rest) =>
    rest.length === 0 ? json(JSON.stringify(userObject({ login: 'sluice-stand-in', id: 583_231 }))) : notFound(),
};

/** The answer to a GET of some path, limits and identity aside. */
export const route = (asked: Asked): Reply => {
  const [first = '', ...rest] = asked.path;
  return Object.hasOwn(ROUTES, first) ? (ROUTES[first]?.(asked, rest) ?? notFound()) : notFound();
};

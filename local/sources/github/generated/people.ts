import { pick, randomOf } from './random.ts';

export interface Person {
  readonly login: string;
  readonly id: number;
}

const FIRST = 'ada ben chloe dmitri emre fatou greta hiro ines joao kwame lena mei nils olga priya'.split(' ');
const LAST = 'brandt cruz diallo eriksen fischer gupta hoang ivanova jensen kim lopez mori'.split(' ');

const COUNT = 36;
/** The accounts of today, whose ids no longer fit 32 bits with a sign. */
const NEWEST = 3;

/** Who opens issues, and to whom they may be assigned. */
export const peopleOf = (seed: number): Person[] =>
  Array.from({ length: COUNT }, (_, n): Person => {
    const random = randomOf(seed, 'person', n);
    const name = `${FIRST[n % FIRST.length]}${pick(random, ['', '-'])}${pick(random, LAST)}`;
    return {
      login: n < FIRST.length ? name : `${name}${n}`,
      id: n < COUNT - NEWEST ? 1000 + n * 3_000_017 : 2 ** 31 + n * 1009,
    };
  });

/** Assigned exactly one open issue in each organisation, which a UNION of their counts would take for one row. */
export const TWIN: Person = { login: 'two-hats', id: 19_283_746 };

/** Who a deleted account's issues belong to. */
export const GHOST: Person = { login: 'ghost', id: 10_137 };

const API = 'https://api.github.com';

/** A user as the lists of the API show one. */
export const userObject = ({ login, id }: Person, type: 'User' | 'Organization' = 'User') => {
  const url = `${API}/users/${login}`;
  return {
    login,
    id,
    node_id: Buffer.from(`04:${type}${id}`).toString('base64'),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
};

import { createHash } from 'node:crypto';
import type { IssuePlace } from './issue.ts';
import { type Person, userObject } from './people.ts';
import { between, pick, type Random, randomOf } from './random.ts';
import { title } from './words.ts';

const EPOCH = Date.UTC(2021, 0, 4, 8);
const DAY = 86_400_000;
/** Whose addresses no GitHub account has. */
const STRANGERS = ['root', 'Build Bot', 'Łukasz Nowak'];

const shaOf = ({ seed, owner, repository }: IssuePlace, number: number): string =>
  createHash('sha1').update(`${seed}\n${owner}\n${repository}\n${number}`).digest('hex');

/** Who wrote a commit: as git has it, and as GitHub does. */
const authorOf = (random: Random, people: readonly Person[]) => {
  if (random() < 0.1) {
    const name = pick(random, STRANGERS);
    return { git: { name, email: `${name.split(' ')[0]?.toLowerCase()}@localhost` }, github: null };
  }
  const person = pick(random, people);
  const { login } = person;
  return { git: { name: login.replaceAll('-', ' '), email: `${login}@example.com` }, github: userObject(person) };
};

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
const signed = (tree: string, at: string) => ({
  verified: true,
  reason: 'valid',
  signature: '-----BEGIN PGP SIGNATURE-----\n\nwsFcBAABCAAQ\n-----END PGP SIGNATURE-----\n',
  payload: `tree ${tree}\n`,
  verified_at: at,
});

/** The number-th commit of a repository, as `/repos/{owner}/{repo}/commits` shows one. */
export const commitObject = (place: IssuePlace, number: number) => {
  const { seed, owner, repository, people } = place;
  const random = randomOf(seed, owner, repository, 'commit', number);
  const url = `https://api.github.com/repos/${owner}/${repository}`;
  const html = `https://github.com/${owner}/${repository}/commit`;
  const sha = shaOf(place, number);
  const tree = shaOf(place, -number);
  const isMerge = number > 2 && random() < 0.15;
  const { git, github } = authorOf(random, people);
  const date = `${new Date(EPOCH + number * DAY + between(random, [0, DAY / 2])).toISOString().slice(0, 19)}Z`;
  // Merged on the site, a commit is GitHub's.
  const committer = isMerge ? { login: 'web-flow', id: 19_864_447 } : undefined;
  const parents = Array.from({ length: isMerge ? 2 : Math.min(1, number - 1) }, (_, n) => shaOf(place, number - 1 - n));
  return {
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    commit: {
      author: { ...git, date },
      committer: committer ? { name: 'GitHub', email: 'noreply@github.com', date } : { ...git, date },
      message: isMerge ? `Merge pull request #${number}` : title(random),
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: number % 11 === 0 ? 1 : 0,
      verification: isMerge ? signed(tree, date) : unsigned,
    },
    url: `${url}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: github,
    committer: committer ? userObject(committer) : github,
    parents: parents.map((parent) => ({ sha: parent, url: `${url}/commits/${parent}`, html_url: `${html}/${parent}` })),
  };
};

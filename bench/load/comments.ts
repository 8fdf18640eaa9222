/** Comments on issues as GitHub lists them, generated, with their table. */
import type { Table } from '../../lib/contract/table.ts';

export const TABLE: Table = {
  name: 'bench.issue_comments',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'issue_url', type: 'varchar(2048)' },
    { name: 'body', type: 'varchar(65535)' },
    { name: 'user_id', type: 'int8' },
    { name: 'user_login', type: 'varchar(255)' },
    { name: 'created_at', type: 'timestamptz' },
    { name: 'updated_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
};

const PROSE = 'it fails with an error that names no file but after the upgrade it works again, see the log below and ';
const PER_PAGE = 100;

const timeOf = (second: number) => new Date(1.42e12 + second * 1000).toISOString().replace('.000Z', 'Z');

function commentOf(id: number, edition: number) {
  const user = 1 + ((id * 7919) % 5000);
  const issue = `https://api.github.com/repos/generated/repository/issues/${id % 9973}`;
  return JSON.stringify({
    url: `${issue}/comments/${id}`,
    issue_url: issue,
    id: 3_000_000_000 + id,
    user: { login: `user-${user}`, id: user, type: 'User', site_admin: false },
    created_at: timeOf(id),
    updated_at: timeOf(id + edition),
    author_association: 'NONE',
    body: `${edition}: ${PROSE.repeat(1 + (id % 4))}${id}`,
  });
}

/** Those numbered 1 to `count`, as they are in that edition: a later one has later times of update. */
export function* pagesOf(count: number, edition: number): Generator<string[]> {
  for (let first = 1; first <= count; first += PER_PAGE) {
    const length = Math.min(PER_PAGE, count - first + 1);
    yield Array.from({ length }, (_, place) => commentOf(first + place, edition));
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type GithubObject, githubObject } from '#lambdas/sources/github/objects.ts';
import { tableDeclaration } from '#lib/contract/table.ts';
import { DECLARATIONS } from '#lib/pipelines/github-to-redshift/tables.ts';

const declared = (object: GithubObject) => tableDeclaration.parse(DECLARATIONS[object]((name) => `g.${name}`));
const schemas = fileURLToPath(new URL('../../../../../shared/data/github/schemas', import.meta.url));

describe.skipIf(!existsSync(schemas))('of the schemas that it replaces, a table has every column but these', () => {
  test.each<[GithubObject, string[]]>([
    // Lists of issues do not give it.
    ['issues', ['closed_by_id']],
    // They were filled with null alone; the ids of what is there are.
    ['pull_requests', ['assignee', 'milestone']],
    // Given only where they are asked for by media type.
    ['issue_comments', ['body_html', 'body_text']],
    ['commit_comments', []],
    // The rows of commit_parents.
    ['commits', ['parents_0_html_url', 'parents_0_sha', 'parents_0_url']],
    ['repositories', []],
    // A user's profile has them.
    [
      'members',
      [
        'bio',
        'blog',
        'company',
        'created_at',
        'email',
        'followers',
        'following',
        'hireable',
        'location',
        'name',
      ].concat(['public_gists', 'public_repos', 'updated_at']),
    ],
  ])('%s: %j', (object, missing) => {
    const schema = JSON.parse(readFileSync(`${schemas}/${object}_schema.json`, 'utf8')) as { name: string }[];
    const columns = new Set(declared(object).columns.map(({ name }) => name));
    expect(
      schema
        .map(({ name }) => name)
        .filter((name) => !columns.has(name))
        .sort(),
    ).toEqual(missing);
  });
});

test.each(githubObject.options)(
  '%s: keys and the columns that children take from their parents are columns',
  (object) => {
    const { columns, primaryKey, distKey, sortKey = [], children } = declared(object);
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...primaryKey, ...sortKey, ...(distKey ? [distKey] : [])]));
    for (const child of children) {
      expect(child.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(child.parent)));
      expect(Object.values(child.parent)).toEqual(expect.arrayContaining(primaryKey));
      expect(names).toEqual(expect.arrayContaining(Object.values(child.parent)));
    }
  },
);

test.each(githubObject.options)(
  '%s: ids are 64 bits wide, times are times, texts have all the room that there is',
  (object) => {
    const { columns, children } = declared(object);
    const all = [columns, ...children.map((child) => child.columns)].flat();
    const typesOf = (name: RegExp) => new Set(all.filter((column) => name.test(column.name)).map(({ type }) => type));
    expect([...typesOf(/^id$|(user|owner|assignee|milestone|author|committer|issue|request)_id$/)]).toEqual(['int8']);
    expect([...typesOf(/_at$|_date$|due_on$/)].filter((type) => type !== 'timestamptz')).toEqual([]);
    expect([...typesOf(/^body$|message$/)].filter((type) => type !== 'varchar(65535)')).toEqual([]);
  },
);

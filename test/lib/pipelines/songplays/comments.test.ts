import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tables } from '#lib/pipelines/songplays/tables.ts';
import { statements } from '#lib/sql/statements.ts';

const SQL = join(import.meta.dirname, '../../../../sql/songplays');
const all = readdirSync(SQL).flatMap((file) => statements(readFileSync(join(SQL, file), 'utf8')));

/** What is created to stay, with its columns. */
const created = all.flatMap((statement) => {
  const [, table, columns = ''] = /^create table if not exists (\S+) \(([\s\S]*)\)$/.exec(statement) ?? [];
  const names = columns.split('\n').flatMap((line) => /^ {2}(?!primary key)(\w+) /.exec(line)?.[1] ?? []);
  return table === undefined ? [] : [{ table, names }];
});
const commented = all.flatMap((statement) => /^comment on (?:table|column) (\S+) is '.+'$/.exec(statement)?.[1] ?? []);

test('each table and each column is described in the warehouse', () => {
  expect(created.map(({ table }) => table).sort()).toEqual(
    ['artists', 'songplays', 'songs', 'time', 'user_days', 'users', 'users_history'].map((name) => `dwh.${name}`),
  );
  const loaded = tables.map(({ name, columns }) => ({ table: name, names: columns.map((column) => column.name) }));
  const expected = [...created, ...loaded].flatMap(({ table, names }) => [
    table,
    ...names.map((name) => `${table}.${name}`),
  ]);
  expect(commented.toSorted()).toEqual(expected.toSorted());
});

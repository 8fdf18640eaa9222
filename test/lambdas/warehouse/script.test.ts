import { expect, test } from 'vitest';
import { bind } from '#lambdas/warehouse/script.ts';
import { tableDeclaration } from '#lib/contract/table.ts';

const tables = ['a', 'b'].map((org) =>
  tableDeclaration.parse({
    name: `s.${org}_issues`,
    columns: [{ name: 'id', type: 'int8' }],
    primaryKey: ['id'],
    children: [
      {
        name: `s.${org}_labels`,
        from: ['labels'],
        parent: { issue_id: 'id' },
        columns: [
          { name: 'issue_id', type: 'int8' },
          { name: 'name', type: 'varchar(50)' },
        ],
      },
    ],
  }),
);

test('a relation is the union of its tables, column by column, equal rows of both kept', () => {
  const { sqls } = bind({
    sql: 'select * from :labels as l',
    relations: { labels: ['s.a_labels', 's.b_labels'] },
    tables,
  });
  expect(sqls).toEqual([
    'select * from (SELECT "issue_id", "name" FROM "s"."a_labels" UNION ALL SELECT "issue_id", "name" FROM "s"."b_labels") as l',
  ]);
});

test('values are bound, never text of the statement; null and the empty text are constants', () => {
  const params = { day: "2026'; drop table a; --", n: 5, on: true, none: null, empty: '' };
  expect(bind({ sql: 'select :day, :n, :on, :none, :empty; select :n', params, tables })).toEqual({
    sqls: ["select :day, :n, :on, NULL, ''", 'select :n'],
    parameters: { day: "2026'; drop table a; --", n: '5', on: 'true' },
  });
});

test('a relation of a table that is not declared is refused, with those that are', () => {
  expect(() => bind({ sql: 'select 1 from :x', relations: { x: ['s.c_issues'] }, tables })).toThrow(
    "The pipeline declares no table 's.c_issues' (it has: s.a_issues, s.a_labels, s.b_issues, s.b_labels).",
  );
});

import { expect, test } from 'vitest';
import { redshiftDialect } from '#lambdas/warehouse/engines/redshift/dialect.ts';
import type { Row } from '#lambdas/warehouse/session.ts';
import { bringToShape, childShapes, createTable, drifts } from '#lambdas/warehouse/table-shape.ts';
import { tableDeclaration } from '#lib/contract/table.ts';

const declaration = tableDeclaration.parse({
  name: 'github_data.a-b_issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'body', type: 'varchar(65535)' },
    { name: 'state', type: 'varchar(32)', notNull: true },
    { name: 'created_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  distKey: 'id',
  sortKey: ['created_at'],
  children: [
    {
      name: 'github_data.a-b_assignees',
      from: ['assignees'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8', notNull: true },
        { name: 'login', type: 'varchar(255)' },
      ],
    },
  ],
});

const column = (column_name: string, data_type: string, character_maximum_length: number | null = null): Row => ({
  table_schema: 'github_data',
  table_name: 'a-b_issues',
  column_name,
  data_type,
  character_maximum_length,
});
const asDeclared = [
  column('id', 'bigint'),
  column('body', 'character varying', 65535),
  column('state', 'character varying', 32),
  column('created_at', 'timestamp with time zone'),
];
const holding = (...rows: Row[]) => ({ dialect: redshiftDialect, query: async () => rows });

test('a table is created as declared, its key informational and not null', () => {
  expect(createTable(redshiftDialect, declaration)).toBe(
    'CREATE TABLE IF NOT EXISTS "github_data"."a-b_issues" ("id" int8 NOT NULL, "body" varchar(65535), ' +
      '"state" varchar(32) NOT NULL, "created_at" timestamptz, PRIMARY KEY ("id")) DISTKEY ("id") SORTKEY ("created_at")',
  );
});

test('a child table lies with its parent, by the column that it has of the parent', () => {
  expect(childShapes(declaration).map((shape) => createTable(redshiftDialect, shape))).toEqual([
    'CREATE TABLE IF NOT EXISTS "github_data"."a-b_assignees" ("issue_id" int8 NOT NULL, "login" varchar(255)) DISTKEY ("issue_id")',
  ]);
});

const additions = async (found: ReturnType<typeof holding>) =>
  (await drifts(found, [declaration])).flatMap((drift) => drift.additions);

test('a table that has its declared shape, or does not exist, is left alone', async () => {
  expect(await drifts(holding(...asDeclared), [declaration])).toEqual([
    { shape: declaration, additions: [], problems: [] },
  ]);
  expect(await drifts(holding(), [declaration])).toEqual([]);
});

test('a column that is declared and lacking is added; one that is not declared stays', async () => {
  const found = holding(...asDeclared.filter((row) => row['column_name'] !== 'body'), column('old', 'integer'));
  expect(await additions(found)).toEqual(['ALTER TABLE "github_data"."a-b_issues" ADD COLUMN "body" varchar(65535)']);
});

test('changes that Redshift cannot make in place are refused, each by name', async () => {
  const found = holding(column('id', 'integer'), column('body', 'character varying', 256), ...asDeclared.slice(3));
  const [drift] = await drifts(found, [declaration]);
  const nothingIsRun = { run: () => Promise.reject(new Error('a statement was run')) };
  await expect(drift && bringToShape(nothingIsRun, drift, 'leave it')).rejects.toThrow(
    'The table "github_data"."a-b_issues" differs from its declaration: id is int4, declared as int8; ' +
      'body is varchar(256), declared as varchar(65535); state is new and NOT NULL, which Redshift cannot add. ' +
      'Change the declaration back, or leave it.',
  );
});

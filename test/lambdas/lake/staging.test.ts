import { expect, test } from 'vitest';
import { Staging } from '#lambdas/lake/staging.ts';
import { type Table, tableDeclaration } from '#lib/contract/table.ts';

const issues: Table = {
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(20)', notNull: true },
    { name: 'user_id', type: 'int8' },
    { name: 'milestone', type: 'super' },
  ],
  primaryKey: ['id'],
  children: [
    {
      name: 'g.issue_assignees',
      from: ['assignees', 'assignee'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8' },
        { name: 'login', type: 'varchar(10)', notNull: true },
      ],
    },
  ],
};
const staging = () => new Staging(tableDeclaration.parse(issues));
const stage = (record: object, by = staging()) =>
  by.stage(Buffer.from(JSON.stringify({ id: 1, title: 't', ...record })));

test('a record becomes a row of the declared columns, absent fields absent and nulls null', () => {
  expect(stage({ user: { id: 7 }, body: 'x' })).toEqual({ row: '{"id":1,"title":"t","user_id":7}', children: [[]] });
  expect(stage({ user: { id: null } })).toMatchObject({ row: '{"id":1,"title":"t","user_id":null}' });
});

test('a null where columns are flattened from an object is a null of each, unless they come by themselves', () => {
  expect(stage({ user: null })).toMatchObject({ row: '{"id":1,"title":"t","user_id":null}' });
  expect(stage({ user_id: 7, user: null })).toMatchObject({ row: '{"id":1,"title":"t","user_id":7}' });
  expect(stage({ user: null, user_id: 7 })).toMatchObject({ row: '{"id":1,"title":"t","user_id":7}' });
});

test('of a table with an incremental key a row says which columns and child rows its record lacks', () => {
  const by = () => new Staging(tableDeclaration.parse({ ...issues, incrementalKey: 'id' }));
  const absentOf = (record: object) => JSON.parse((stage(record, by()) as { row: string }).row).sluice_absent;
  expect(absentOf({})).toBe('"user_id","milestone","g.issue_assignees"');
  expect(absentOf({ user: null, assignees: [] })).toBe('"milestone"');
  expect(stage({ user: null, milestone: null, assignee: null }, by())).toMatchObject({
    row: '{"id":1,"title":"t","user_id":null,"milestone":null}',
  });
});

test('a row that is longer than COPY takes is refused', () => {
  const texts = new Array(64).fill('x'.repeat(65_000));
  expect(stage({ milestone: texts })).toEqual({ reason: '4160226 bytes as a row, COPY takes 4128768' });
  expect(stage({ milestone: texts.slice(1) })).toMatchObject({ children: [[]] });
});

test('numbers go through as they were written', () => {
  const text = '{"id":9007199254740993,"title":"t","milestone":{"due":1.0,"at":[1e2]}}';
  expect(staging().stage(Buffer.from(text))).toMatchObject({ row: text });
});

test('what the declaration does not name is counted by flat name', () => {
  const by = staging();
  stage({ body: 'x', user: { id: 7, login: 'a' } }, by);
  stage({ body: null, assignees: [{ login: 'a', id: 1 }] }, by);
  expect(by.unknownFields()).toEqual({ body: 2, user_login: 1, assignees_id: 1 });
});

test('collisions are counted by flat name', () => {
  const by = staging();
  stage({ user_id: 1, user: { id: 2 } }, by);
  expect(by.collisions()).toEqual({ user_id: 1 });
});

test('a list becomes child rows with the columns of its parent, and is not flattened', () => {
  const by = staging();
  expect(stage({ assignees: [{ login: 'a' }, { login: 'b' }] }, by)).toEqual({
    row: '{"id":1,"title":"t"}',
    children: [['{"issue_id":1,"login":"a"}', '{"issue_id":1,"login":"b"}']],
  });
  expect(by.unknownFields()).toEqual({});
});

test('of the fields that hold child rows the first that is there counts, also where it is empty or null', () => {
  const children = (record: object) => (stage(record) as unknown as { children: unknown[] }).children[0];
  const one = ['{"issue_id":1,"login":"b"}'];
  expect(children({ assignee: { login: 'b' } })).toEqual(one);
  expect(children({ assignee: { login: 'a' }, assignees: [{ login: 'b' }] })).toEqual(one);
  expect(children({ assignee: { login: 'a' }, assignees: [] })).toEqual([]);
  expect(children({ assignee: { login: 'a' }, assignees: null })).toEqual([]);
  expect(children({ assignee: null })).toEqual([]);
  expect(children({})).toEqual([]);
});

test.each([
  [{ id: null }, { column: 'id', reason: 'is null, and must not be' }],
  [{ title: undefined }, { column: 'title', reason: 'is absent, and must not be' }],
  [{ id: 'x' }, { column: 'id', reason: 'expected an integer, found "x"' }],
  [{ assignees: [{ login: 1 }] }, { column: 'g.issue_assignees.login', reason: 'expected a string, found 1' }],
  [{ assignees: ['a'] }, { column: 'g.issue_assignees', reason: 'expected objects, found "a"' }],
])('a record like %j is refused as a whole, with the column and the reason', (record, rejection) => {
  expect(stage(record)).toEqual(rejection);
});

test.each(['5', '"x"', 'null', '[1]', '1.0', '{"id":}'])('%s is refused, since it is no object', (text) => {
  expect(staging().stage(Buffer.from(text))).toEqual({ reason: `expected an object as JSON, found ${text}` });
});

test('columns are written in lower case, as COPY matches them', () => {
  const table = { name: 't', columns: [{ name: 'userAgent', type: 'varchar(9)' as const }], primaryKey: ['userAgent'] };
  expect(new Staging(tableDeclaration.parse(table)).stage(Buffer.from('{"userAgent":"x"}'))).toMatchObject({
    row: '{"useragent":"x"}',
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effectOf } from '#lib/sql/effect.ts';

/** What may stand between words or inside a value, without being one. */
const DISGUISES = ["'update t set a = 1'", '"delete"', '-- insert into t\n', '/* drop table t; */', '$$ into $$'];

test.each([
  ['select * from t', 'SELECT'],
  ['  (select 1) union (select 2)', 'SELECT'],
  ['WITH a AS (SELECT 1 AS n), b (m) AS (SELECT n FROM a) SELECT m FROM b', 'SELECT'],
  ['explain delete from t', 'EXPLAIN'],
  ['show tables from schema dev.public', 'SHOW'],
  ["select 'a' || 'into'", 'SELECT'],
])('%s only asks', (sql, verb) => {
  expect(effectOf(sql)).toEqual({ verb, isChange: false });
});

test.each([
  ['update t set a = 1', 'UPDATE'],
  ['with a as (select 1 as n) delete from t using a where t.n = a.n', 'DELETE'],
  ['with a as (select 1 as n) insert into t select n from a', 'INSERT'],
  ['with recursive a(n) as (select 1 union all select n + 1 from a) update t set n = 1', 'UPDATE'],
  ['merge into t using s on t.id = s.id when matched then delete', 'MERGE'],
  ['select a into b from c', 'SELECT'],
  ['select a from (select 1 as a) as x into b', 'SELECT'],
  ['call do_it()', 'CALL'],
  ["copy t from 's3://b/k' iam_role default", 'COPY'],
  ['truncate t', 'TRUNCATE'],
  ['grant select on t to public', 'GRANT'],
  ['begin', 'BEGIN'],
  ['', ''],
])('%s is a change', (sql, verb) => {
  expect(effectOf(sql)).toEqual({ verb, isChange: true });
});

test('neither quotes nor comments change what a statement does', () => {
  const between = fc.array(fc.constantFrom(...DISGUISES)).map((some) => ` ${some.join(' ')} `);
  const spaced = fc.constantFrom<[string, boolean][]>(
    ['select a from t', false],
    ['update t set a = 1', true],
    ['with a as ( select 1 ) delete from t', true],
    ['select a into t', true],
  );
  fc.assert(
    fc.property(spaced, fc.infiniteStream(between), ([sql, isChange], gaps) => {
      const disguised = sql.split(' ').map((word) => `${gaps.next().value}${word}`);
      expect(effectOf(disguised.join(' ')).isChange).toBe(isChange);
    }),
  );
});

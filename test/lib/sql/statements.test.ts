import fc from 'fast-check';
import { expect, test } from 'vitest';
import { names, replaceNames, statements, withoutValues } from '#lib/sql/statements.ts';

test('statements end at semicolons, except inside quotes, comments and dollar quotes', () => {
  const sql = `select ';', "a;b" -- one; not two
    ; /* ; */ select $$ ; $$, $f$ ; $$ ; $f$;;`;
  expect(statements(sql)).toEqual([`select ';', "a;b"`, 'select $$ ; $$, $f$ ; $$ ; $f$']);
});

test('a text of comments has no statement', () => {
  expect(statements('-- nothing\n/* at all; */ ;')).toEqual([]);
});

test('comments do not reach the warehouse, and what they parted stays parted', () => {
  expect(statements("select/* don't */1 -- :x\nfrom t")).toEqual(['select 1  \nfrom t']);
});

test('as in Redshift, a backslash escapes inside a literal', () => {
  expect(statements("select 'it\\'s; one'; select 2")).toEqual(["select 'it\\'s; one'", 'select 2']);
});

test('names are found once each, in order, and not in literals, quoted names, comments or casts', () => {
  const sql = `select :b::int4, ':no', ":no" from :a as a where x = :b and t > '10:30:00' -- :no\n/* :no */`;
  expect(names(sql)).toEqual(['b', 'a']);
});

test('only names that have a text are replaced', () => {
  const sql = "select ':a', :a, :b::date";
  expect(replaceNames(sql, (name) => (name === 'a' ? '(select 1)' : undefined))).toBe(
    "select ':a', (select 1), :b::date",
  );
});

test('a quote that is not closed is an error that shows it', () => {
  expect(() => statements("select 1; select 'open")).toThrow("a quote or comment is not closed: 'open");
  expect(() => names('select 1 /* open')).toThrow('/* open');
});

test('without values nothing is left of what stood in literals', () => {
  expect(withoutValues(`alter user "u" password 'sha256|x|y', $$z$$`)).toBe(`alter user "u" password '…', '…'`);
});

test('whatever is written as a literal, statements are found around it', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const literal = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      expect(statements(`select ${literal}; select 2`)).toEqual([`select ${literal}`, 'select 2']);
    }),
  );
});

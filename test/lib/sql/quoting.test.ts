import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifier, literal, tableName } from '#lib/sql/quoting.ts';

const database = await DuckDBInstance.create(':memory:').then((instance) => instance.connect());
const select = async (sql: string) => (await database.runAndReadAll(sql)).getRows()[0]?.[0];
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());

test('a table name is quoted in both its parts', () => {
  expect(tableName('github_data.airflow-plugins_issues')).toBe('"github_data"."airflow-plugins_issues"');
});

test('a table name without a schema is refused, with the form that it must have', () => {
  expect(() => tableName('issues')).toThrow('The table name "issues" has no schema. Write it as <schema>.<table>');
});

test('a quote inside a name cannot end it', () => {
  expect(identifier('a"; drop table b; --')).toBe('"a""; drop table b; --"');
});

test('every text comes back from the database as it went in', async () => {
  const comesBack = async (value: string) => (await select(`SELECT ${literal(value)}`)) === value;
  await fc.assert(fc.asyncProperty(text, comesBack));
});

test('a literal holds no backslash, which Redshift would read as an escape', () => {
  expect(literal('a\\')).toBe("('a' || CHR(92) || '')");
  expect(literal("\\'; drop table a; --")).not.toContain('\\');
});

test('numbers, booleans and null are written as such', () => {
  expect([literal(-1.5), literal(true), literal(null)]).toEqual(['-1.5', 'true', 'NULL']);
});

test('a NUL character is refused', () => {
  expect(() => literal('a\0b')).toThrow('NUL character');
});

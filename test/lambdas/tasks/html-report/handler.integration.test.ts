import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/html-report/handler.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { BUCKET, openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction([]);
  write('people.sql', 'select name, n from shop.people where n >= :least order by n;');
  write('many.sql', 'select a.n, b.n as m from shop.numbers a cross join shop.numbers b;');
  write('two.sql', 'select 1; select 2;');
  await aws.sql(
    'CREATE SCHEMA shop',
    'CREATE TABLE shop.people (name varchar(100), n int8)',
    `INSERT INTO shop.people VALUES ('<b>Ann</b>', 2), ('Bob, "Jr"', 3), ('low', 0)`,
    'CREATE TABLE shop.numbers (n int4)',
    `INSERT INTO shop.numbers VALUES ${Array.from({ length: 32 }, (_, n) => `(${n})`).join(', ')}`,
  );
});
afterAll(() => aws.close());

const write = (file: string, sql: string) => writeFileSync(join(aws.dir, file), sql);
const people = { name: 'people', title: 'People', kind: 'bar', file: 'people.sql', params: { least: '1' } };
const run = someRun();
const report = (charts: readonly object[], of = run) =>
  handler(
    eventOf(
      { connection: warehouse, title: 'All', charts, to: { kind: 'published', dataset: 'published' } },
      { run: of },
    ),
  );
async function objectAt(key: string) {
  const { Body, ContentType } = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return { type: ContentType, text: (await Body?.transformToString()) ?? '' };
}

test('the report and the rows of its charts lie at keys that stay, and as copies of their date', async () => {
  const at = `published/${run.dagId}/`;
  expect(await report([people])).toEqual({ published: `${at}report.html`, charts: 1 });
  const html = await objectAt(`${at}report.html`);
  expect(html.type).toBe('text/html; charset=utf-8');
  expect(html.text).toContain('&lt;b&gt;Ann&lt;/b&gt;');
  const csv = await objectAt(`${at}people.csv`);
  expect(csv).toEqual({ type: 'text/csv; charset=utf-8', text: 'name,n\r\n<b>Ann</b>,2\r\n"Bob, ""Jr""",3\r\n' });
  for (const name of ['report.html', 'people.csv']) {
    expect(await objectAt(`${at}dt=2026-11-19/${name}`)).toEqual(await objectAt(`${at}${name}`));
  }
});

test('the next date has the fixed keys, and leaves the copies of the date before', async () => {
  const at = `published/${run.dagId}/`;
  const before = await objectAt(`${at}dt=2026-11-19/people.csv`);
  const next = { ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
  await report([{ ...people, params: { least: '3' } }], next);
  expect((await objectAt(`${at}people.csv`)).text).toBe('name,n\r\n"Bob, ""Jr""",3\r\n');
  expect(await objectAt(`${at}dt=2026-11-19/people.csv`)).toEqual(before);
});

test.for([
  [[{ ...people, file: 'two.sql', params: undefined }], 'two.sql is not one query'],
  [
    [{ ...people, file: 'many.sql', params: undefined }],
    'many.sql gives 1024 rows, and a chart shows 1000 at the most',
  ],
  [[people, people], "Two charts are named 'people'"],
] as const)('%j is refused, and nothing is published', async ([charts, message]) => {
  const of = someRun();
  await expect(report(charts, of)).rejects.toThrow(message);
  await expect(objectAt(`published/${of.dagId}/report.html`)).rejects.toThrow();
});

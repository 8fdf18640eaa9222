import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordOf } from '#lambdas/lake/raw-line.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import type { Table } from '#lib/contract/table.ts';
import { readQuarantine } from '#lib/runs/quarantine.ts';
import { s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/file-to-s3/handler.ts';
import { BUCKET } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { api, type HttpApi, openHttpApi } from '../../../worlds/http-api.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

const TABLE: Table = {
  name: 'dwh.orders',
  columns: [
    { name: 'id', type: 'int4', clean: ['parse-number'] },
    { name: 'name', type: 'varchar(100)' },
  ],
  primaryKey: ['id'],
};
const CSV = { csv: { header: ['id', 'name'] } } as const;

let http: HttpApi;
beforeAll(async () => {
  http = await openHttpApi();
  const connections = process.env['SLUICE_CONNECTIONS'];
  describeFunction(http.aws, [TABLE]);
  process.env['SLUICE_CONNECTIONS'] = connections;
});
afterAll(() => http.close());
beforeEach(() => http.answers());

const serve = (body: string | Buffer, headers: Record<string, string> = {}, status = 200) =>
  http.answers((_, response) => response.writeHead(status, headers).end(body));
const to = { kind: 'lake', dataset: 'orders', table: TABLE.name };
const extract = (rest: object, run: Run = someRun()) =>
  handler(eventOf({ connection: api, path: 'orders', to, format: 'ndjson', ...rest }, { run }));
const failure = async (rest: object = {}) => {
  const error = await extract(rest).catch((thrown: Error) => thrown);
  return error as Error;
};
const contentOfExtract = ({ manifest }: { readonly manifest: string }) => contentOf(http.aws, manifest);
const rowsOf = async (extracted: { readonly manifest: string }): Promise<object[]> =>
  (await contentOfExtract(extracted)).stage.flatMap(({ lines }) => lines.map((line) => JSON.parse(line)));
const rows = [
  { id: 1, name: 'a' },
  { id: 2, name: 'b "c", d' },
];

test.for<readonly [string, string | Buffer, object]>([
  ['NDJSON', '{"id":1,"name":"a"}\n{"id":2,"name":"b \\"c\\", d"}\n', {}],
  ['NDJSON with CRLF, a byte order mark and no end', '\ufeff{"id":1,"name":"a"}\r\n{"id":2,"name":"b \\"c\\", d"}', {}],
  ['NDJSON as gzip', gzipSync('{"id":1,"name":"a"}\n{"id":2,"name":"b \\"c\\", d"}\n'), {}],
  ['CSV', 'id,name\n1,a\n2,"b ""c"", d"\n', { format: CSV }],
  ['CSV with CRLF and a byte order mark', '\ufeffid,name\r\n1,a\r\n2,"b ""c"", d"\r\n', { format: CSV }],
  [
    'CSV as UTF-16',
    Buffer.from('\ufeffid,name\n1,a\n2,"b ""c"", d"\n', 'utf16le'),
    { format: CSV, encoding: 'utf-16le' },
  ],
  ['CSV with a quoted header', '"id","name"\n1,a\n\n2,"b ""c"", d"\n', { format: CSV }],
  ['CSV as gzip', gzipSync('id,name\n1,a\n2,"b ""c"", d"'), { format: CSV }],
  [
    'CSV of another delimiter and quote',
    'id;name\n1;a\n2;\'b "c", d\'\n',
    { format: { csv: { ...CSV.csv, delimiter: ';', quote: "'" } } },
  ],
])('%s is read', async ([, body, rest]) => {
  serve(body);
  const extracted = await extract(rest);
  expect(extracted).toMatchObject({ rows: 2, quarantined: 0 });
  expect(await rowsOf(extracted)).toMatchObject(rows);
});

test('text in another encoding is read as it says, and refused where it is none', async () => {
  serve(Buffer.from('id,name\n1,Café\n', 'latin1'));
  expect(await rowsOf(await extract({ format: CSV, encoding: 'windows-1252' }))).toMatchObject([{ name: 'Café' }]);
  expect(await failure({ format: CSV, encoding: 'shift_jis' })).toMatchObject({ name: ERROR.terminal });
  serve(Buffer.from([...Buffer.from('id,name\n1,'), 0x80, 0x0a]));
  expect(await rowsOf(await extract({ format: CSV, encoding: 'windows-1252' }))).toMatchObject([{ name: '€' }]);
});

test.for<readonly [string, string | Buffer, Record<string, string>, object, string]>([
  [
    'a page of HTML',
    '<html>no</html>',
    { 'content-type': 'text/html' },
    {},
    'with a page of HTML in place of the file',
  ],
  ['a page of HTML that says it is CSV', '\n <!doctype html>', {}, { format: CSV }, "it begins with '<'"],
  ['an empty file', '', {}, {}, 'it is empty'],
  ['an empty file as gzip', gzipSync(''), {}, {}, 'it is empty'],
  ['an empty file but for a mark and line ends', '\ufeff\r\n\n', {}, {}, 'it is empty'],
  ['CSV that is empty but for line ends', '\n\n', {}, { format: CSV }, 'it is empty'],
  ['a row that is cut off', 'id,name\n1,a\n2', {}, { format: CSV }, 'it was cut off midway'],
  ['lines that end as on an old Mac', 'id,name\r1,a\r', {}, { format: CSV }, 'its lines end in CR alone'],
  ['UTF-16 that is not said', Buffer.from('\ufeffid,name\n1,a\n', 'utf16le'), {}, { format: CSV }, 'it is UTF-16'],
  ['a zip archive', 'PK\u0003\u0004\u0014', {}, { format: CSV }, 'it is a zip archive'],
  ['lines that are cut off', '{"id":1,"name":"a"}\n{"id":2,"na', {}, {}, 'it was cut off midway'],
  ['quotes that are cut off', 'id,name\n1,a\n2,"b', {}, { format: CSV }, 'it was cut off midway'],
  ['gzip that is cut off', gzipSync('{"id":1}\n'.repeat(999)).subarray(0, 30), {}, {}, 'so it was cut off'],
  ['a header that lacks a name', 'id\n1\n', {}, { format: CSV }, 'its header lacks name'],
  ['a header with a name more', 'id,name,more\n1,a,b\n', {}, { format: CSV }, 'its header has more besides'],
  ['a header with a name twice', 'id,name,id\n1,a,1\n', {}, { format: CSV }, 'its header has id twice'],
  [
    'a header with spaces and no name',
    'id, name,\n1,a,\n',
    {},
    { format: CSV },
    'lacks name and has " name", "" besides',
  ],
  ['a header of another delimiter', 'id;name\n1;a\n', {}, { format: CSV }, 'lacks id, name and has id;name besides'],
  ['a header in another order', 'name,id\na,1\n', {}, { format: CSV }, 'its header has its names in another order'],
])('%s is an error that says so', async ([, body, headers, rest, message]) => {
  serve(body, headers);
  expect((await failure(rest)).message).toContain(message);
});

test('a transfer that is cut off may pass, and so may what fails at the server', async () => {
  http.answers((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"id":1,"name":"a"}\n', () => response.destroy());
  });
  expect(await failure()).toMatchObject({
    name: ERROR.transient,
    message: expect.stringContaining('cut off on its way'),
  });
  serve('busy', {}, 503);
  expect(await failure()).toMatchObject({ name: ERROR.transient });
  serve('no', {}, 404);
  expect(await failure()).toMatchObject({ name: ERROR.terminal, message: expect.stringContaining('404') });
});

test('a row with other than as many fields as the header is quarantined', async () => {
  serve('id,name\n1,a\n2\n');
  const { message } = await failure({ format: CSV });
  expect(message).toContain('1 of 2 records do not meet the declaration of dwh.orders');
  expect(message).toContain('expected 2 fields as in the header, found 1');
});

test('raw has the bytes of each row, and its manifest what they are read by', async () => {
  const rows = ["1;'a;b'", "2;'Café ''x''\r\n2nd line'", '3; '];
  serve(Buffer.from(`id;name\r\n${rows.join('\r\n')}\r\n`, 'latin1'));
  const csv = { ...CSV.csv, delimiter: ';', quote: "'" };
  const { manifest } = await extract({ format: { csv }, encoding: 'latin1' });
  const { raw } = await contentOf(http.aws, manifest);
  expect(raw.lines.map((line) => String(recordOf(Buffer.from(line))))).toEqual(rows);
  expect(JSON.parse(String(await http.aws.bytes(manifest))).raw).toMatchObject([
    { format: { csv, encoding: 'windows-1252' } },
  ]);
});

test('a run from raw reads the rows by what its manifest says, whatever the task says now', async () => {
  serve("id;name\n1;'a'\n2;'b \"c\", d'\n");
  const run = someRun();
  const extracted = await extract({ format: { csv: { ...CSV.csv, delimiter: ';', quote: "'" } } }, run);
  http.answers();
  const again = await extract({ format: CSV }, { ...run, fromRaw: true, clearing: run.clearing + 1 });
  expect(await rowsOf(again)).toMatchObject(rows);
  expect((await contentOfExtract(again)).raw).toEqual((await contentOfExtract(extracted)).raw);
});

test('what is in quarantine is the text of its row', async () => {
  serve('id,name\n1,a\n"2",5" single\n');
  const run = someRun();
  await expect(extract({ format: CSV }, run)).rejects.toThrow('field 2 has a quote, and none around it');
  const { rows } = await readQuarantine(s3Store({ client: http.aws.client, bucket: BUCKET }), {
    pipeline: run.dagId,
    runId: run.runId,
  });
  expect(rows).toMatchObject([{ record: '"2",5" single' }]);
});

test('a file that says only when it was modified is not sent again either', async () => {
  const run = someRun();
  const next = { ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
  const modified = 'Thu, 01 Nov 2018 10:00:00 GMT';
  http.answers(({ headers }, response) => {
    const isKnown = headers['if-modified-since'] === modified;
    response.writeHead(isKnown ? 304 : 200, { 'last-modified': modified }).end(isKnown ? '' : 'id,name\n1,a\n');
  });
  await extract({ format: CSV }, run);
  const { pages, stage } = await contentOfExtract(await extract({ format: CSV }, next));
  expect(pages).toMatchObject([{ status: 304, rows: 1 }]);
  expect(stage[0]?.lines).toHaveLength(1);
});

test('an object of a bucket that has not changed is not sent again', async () => {
  const Key = 'in/unchanged.csv';
  await http.aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'id,name\n1,"a\nb"\n' }));
  const run = someRun();
  const next = { ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
  const from = (of: Run) =>
    handler(eventOf({ in: { bucket: BUCKET, prefix: 'in/' }, key: Key, to, format: CSV }, { run: of }));
  await from(run);
  const again = await from(next);
  expect((await contentOfExtract(again)).pages).toMatchObject([{ status: 304, rows: 1 }]);
  expect(await rowsOf(again)).toMatchObject([{ name: 'a\nb' }]);
});

test('a file that has not changed since the run before is not sent again', async () => {
  const run = someRun();
  const next = { ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
  const body = Buffer.from('{"id":1,"name":"a"}\n{"id":2,"name":"b \\"c\\", d"}\n');
  http.answers(({ headers }, response) => {
    const isKnown = headers['if-none-match'] === '"v1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"v1"' }).end(isKnown ? undefined : body);
  });
  await extract({}, run);
  const again = await extract({}, next);
  expect(await rowsOf(again)).toMatchObject(rows);
  const { pages } = await contentOfExtract(again);
  expect(pages).toMatchObject([{ status: 304, etag: '"v1"', rows: 2 }]);
});

test.for([
  [{ format: CSV }, { format: CSV }, 304],
  [{ format: CSV, encoding: 'latin1' }, { format: CSV }, 200],
  [{ format: CSV }, { format: { csv: { ...CSV.csv, quote: "'" } } }, 200],
] as const)('a file that has not changed is read as it says now: %j, then %j', async ([before, now, status]) => {
  const run = someRun();
  http.answers(({ headers }, response) => {
    const isKnown = headers['if-none-match'] === '"v1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"v1"' }).end(isKnown ? undefined : 'id,name\n1,"é"\n');
  });
  await extract(before, run);
  const next = { ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
  const { pages, stage } = await contentOfExtract(await extract(now, next));
  expect(pages).toMatchObject([{ status, rows: 1 }]);
  const name = 'quote' in now.format.csv ? '"é"' : 'é';
  expect(stage.flatMap(({ lines }) => lines.map((line) => JSON.parse(line)))).toMatchObject([{ name }]);
});

test('a file of many pages goes on after the rows that an attempt had', async () => {
  const all = Array.from({ length: 60_000 }, (_, id) => `{"id":${id},"name":"${'n'.repeat(90)}"}\n`);
  const whole = Buffer.from(all.join(''));
  http.answers(
    (_, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': whole.length });
      response.write(whole.subarray(0, whole.length - 100), () => response.destroy());
    },
    (_, response) => response.writeHead(200, { etag: '"v1"' }).end(whole),
  );
  const run = someRun();
  await expect(extract({}, run)).rejects.toMatchObject({ name: ERROR.transient });
  const extracted = await extract({}, run);
  expect(extracted.rows).toBe(60_000);
  const { pages, counts } = await contentOfExtract(extracted);
  expect(counts).toEqual({ extracted: 60_000, staged: 60_000, quarantined: 0 });
  expect(pages.length).toBeGreaterThan(1);
});

test('a file in a bucket is read, below the prefix alone', async () => {
  const Body = 'id,name\n1,a\n2,"b ""c"", d"\n';
  await http.aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'in/orders.csv', Body }));
  const from = (key: string) => handler(eventOf({ in: { bucket: BUCKET, prefix: 'in/' }, key, to, format: CSV }));
  expect(await rowsOf(await from('in/orders.csv'))).toMatchObject(rows);
  await expect(from('in/none.csv')).rejects.toMatchObject({ name: ERROR.terminal });
  await expect(from('out/orders.csv')).rejects.toThrow("the task may read what begins with 'in/'");
});

test('a file lies at one place', async () => {
  expect((await failure({ path: undefined })).message).toContain('give either of them');
});

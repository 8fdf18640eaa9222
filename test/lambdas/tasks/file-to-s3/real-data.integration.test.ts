/** What the recorded files need of the options of a file, each shown by one of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, songs, tables } from '#lib/pipelines/songplays/tables.ts';
import { handler } from '#tasks/file-to-s3/handler.ts';
import { eventOf } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { api, type HttpApi, openHttpApi } from '../../../worlds/http-api.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

const RECORDED = join(import.meta.dirname, '../../../../../shared/data/songs');
const read = (file: string): Buffer => readFileSync(join(RECORDED, file));

describe.skipIf(!existsSync(RECORDED))('the recorded files (../shared/data/songs)', () => {
  let http: HttpApi;
  beforeAll(async () => {
    http = await openHttpApi();
    const connections = process.env['SLUICE_CONNECTIONS'];
    describeFunction(http.aws, tables);
    process.env['SLUICE_CONNECTIONS'] = connections;
  });
  afterAll(() => http.close());

  async function extract(body: Buffer, table: string, options: object) {
    http.answers((_, response) => response.writeHead(200).end(body));
    const to = { kind: 'lake', dataset: 'files', table };
    const output = await handler(eventOf({ connection: api, path: 'file', to, ...options }));
    const { stage } = await contentOf(http.aws, output.manifest);
    return { output, rows: stage.flatMap(({ lines }) => lines.map((line) => JSON.parse(line))) };
  }
  /** The first line as it stands there. */
  const headerOf = (body: Buffer) => body.toString('utf8').split(/\r?\n/, 1)[0]?.split(',') ?? [];

  test.for([
    ['raw_events.csv', events.name, 15],
    ['raw_songs.csv', songs.name, 11],
  ] as const)('%s: CSV whose lines end with CRLF, with quotes in quotes and commas', async ([file, table, count]) => {
    const body = read(file);
    expect(body.includes('\r\n') && body.includes('"')).toBe(true);
    const { output, rows } = await extract(body, table, { format: { csv: { header: headerOf(body) } } });
    expect(output).toMatchObject({ rows: count, quarantined: 0 });
    const [name, field] = table === events.name ? ['user_agent', 'userAgent'] : ['title', 'title'];
    const texts = parse(body, { columns: true, bom: true }).map(
      (row) => (row as Record<string, string>)[field] || null,
    );
    expect(rows.map((row) => row[name])).toEqual(texts);
  });

  test('raw_events.csv with a byte order mark, another delimiter and another encoding is the same', async () => {
    const body = read('raw_events.csv');
    const header = headerOf(body);
    const { rows } = await extract(body, events.name, { format: { csv: { header } } });
    const marked = Buffer.concat([Buffer.from('\ufeff'), body]);
    expect((await extract(marked, events.name, { format: { csv: { header } } })).rows).toEqual(rows);
    const lines = (parse(body) as string[][]).map((row) =>
      row.map((text) => `'${text.replaceAll("'", "''")}'`).join(';'),
    );
    const other = { format: { csv: { header, delimiter: ';', quote: "'" } }, encoding: 'windows-1252' };
    expect((await extract(Buffer.from(lines.join('\n'), 'latin1'), events.name, other)).rows).toEqual(rows);
  });

  test('raw_events.csv whose header is another one is refused by the name that differs', async () => {
    const body = read('raw_events.csv');
    const header = headerOf(body).map((name) => (name === 'song' ? 'title' : name));
    await expect(extract(body, events.name, { format: { csv: { header } } })).rejects.toThrow(
      'its header lacks title and has song besides. Nothing was loaded.',
    );
  });

  const days = existsSync(RECORDED) ? readdirSync(join(RECORDED, 'log_data')).map((name) => `log_data/${name}`) : [];
  const ndjson = [...days.map((file) => [file, events.name] as const), ['songs.ndjson', songs.name] as const];
  test.for(ndjson)('%s: each line is a row', async ([file, table]) => {
    const body = read(file);
    const lines = body.toString('utf8').split('\n').filter(Boolean).length;
    expect((await extract(body, table, { format: 'ndjson' })).output).toMatchObject({ rows: lines, quarantined: 0 });
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/bash/handler.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { api, type HttpApi, openHttpApi } from '../../../worlds/http-api.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

const table = { name: 'dwh.songs', columns: [{ name: 'id', type: 'int4' as const }], primaryKey: ['id'] };
const to = { kind: 'lake', dataset: 'songs', table: table.name };

let http: HttpApi;
beforeAll(async () => {
  http = await openHttpApi();
  const connections = process.env['SLUICE_CONNECTIONS'];
  describeFunction(http.aws, [table]);
  process.env['SLUICE_CONNECTIONS'] = connections;
});
afterAll(() => http.close());

let n = 0;
function run(text: string, of = someRun()) {
  const file = `dataset-${++n}.sh`;
  writeFileSync(join(http.aws.dir, file), text);
  return handler(eventOf({ file, to, connection: api }, { run: of }));
}

test('what a script writes below $SLUICE_OUT is the raw of its dataset, file after file', async () => {
  const script = `mkdir $SLUICE_OUT/b; echo '{"id":2}' > $SLUICE_OUT/b/c; printf '{"id": 1}\\r\\n' > $SLUICE_OUT/a; echo done`;
  const { lastLine, extracted } = await run(script);
  expect(lastLine).toBe('done');
  expect(extracted).toMatchObject({ rows: 2, quarantined: 0 });
  const { pages, raw } = await contentOf(http.aws, extracted?.manifest ?? '');
  expect(pages.map(({ url, rows }) => [url, rows])).toEqual([
    ['a', 1],
    ['b/c', 1],
  ]);
  expect(raw.lines).toEqual(['{"id": 1}', '{"id":2}']);
});

test('a script that fails, or writes nothing, leaves no extract', async () => {
  await expect(run(`echo '{"id":1}' > $SLUICE_OUT/a; exit 1`)).rejects.toThrow('exited with 1');
  await expect(run('echo "<html>" > $SLUICE_OUT/a')).rejects.toThrow("begins with '<'");
  await expect(run('true')).rejects.toThrow('wrote nothing below $SLUICE_OUT');
  expect((await http.aws.keys('raw/')).filter((key) => key.endsWith('manifest.json'))).toHaveLength(1);
});

test('a run from raw takes what the script wrote before, and does not run it', async () => {
  const of = someRun();
  await run(`echo '{"id":7}' > $SLUICE_OUT/a`, of);
  const { lastLine, extracted } = await run('exit 1', { ...of, clearing: 2, fromRaw: true });
  expect([lastLine, extracted?.rows]).toEqual(['', 1]);
});

test('the script is told where the connection leads', async () => {
  const { lastLine } = await run(`echo '{"id":1}' > $SLUICE_OUT/a; echo $SLUICE_BASE_URL`);
  expect(lastLine).toBe(`${http.url}/v1/`);
});

/** Runs of two commands through one `sluice local`, each with a source of its own. */
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MoodsProject } from '../worlds/moods-project.ts';
import { exported, freePort } from '../worlds/served.ts';

const project = new MoodsProject();
const sluice = project.sluice();
let local: ReturnType<typeof sluice.start>;
beforeAll(async () => {
  local = sluice.start('local', '--port', `${await freePort()}`);
  await exported(local.stdout);
});
afterAll(async () => {
  local.kill('SIGINT');
  await once(local, 'exit');
  for (const one of [sluice, project]) one[Symbol.dispose]();
});

/** A directory whose one repository has these issues, all of one mood. */
function sourceOf(mood: string, ids: readonly number[]): string {
  const source = project.path(`source-${mood}`);
  mkdirSync(join(source, 'acme/a'), { recursive: true });
  writeFileSync(
    join(source, 'acme/a/issues.ndjson'),
    ids.map((id) => `${JSON.stringify({ id, mood, marks: [{ name: mood }] })}\n`).join(''),
  );
  return source;
}

/** The records in the raw files of a date. */
function rawOf(date: string): { id: number; mood: string }[] {
  const raw = join(sluice.state, 's3');
  return readdirSync(raw, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes(`dt=${date}`) && file.includes('/raw/') && file.endsWith('.gz'))
    .flatMap((file) =>
      gunzipSync(readFileSync(join(raw, file)))
        .toString()
        .trimEnd()
        .split('\n'),
    )
    .map((line) => JSON.parse(line));
}

test('each reads its own source: raw files and the table show no row of the other one', async () => {
  const runs = [
    { date: '2026-11-18', mood: 'calm', ids: [1, 2, 3] },
    { date: '2026-11-19', mood: 'glad', ids: [4, 5] },
  ];
  const ended = await Promise.all(
    runs.map(({ date, mood, ids }) =>
      sluice.json<{ status: string; tasks: { task: string; rows?: number }[] }>(
        ...['run', 'moods', '--date', date, '--source', sourceOf(mood, ids)],
      ),
    ),
  );
  for (const [at, { date, mood, ids }] of runs.entries()) {
    expect(rawOf(date).map((record) => [record.id, record.mood])).toEqual(ids.map((id) => [id, mood]));
    expect(ended[at]?.tasks.find(({ task }) => task === 'extract')).toMatchObject({ rows: ids.length });
  }
  // Whichever order they came in, the table is that of the newer date.
  expect(ended[1]).toMatchObject({ status: 'success' });
  expect(await sluice.column('select mood from acme.moods order by id')).toEqual(['glad', 'glad']);
}, 240_000);

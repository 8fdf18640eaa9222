/** A pipeline that loads into PostgreSQL, through commands as a person types them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MoodsProject } from '../worlds/moods-project.ts';

const project = new MoodsProject('postgres', 'moods-db');
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const run = () => sluice.json('run', 'moods', '--source', project.source);
const moods = () => sluice.json('query', '--connection', 'moods-db', 'select id, mood from acme.moods order by id');
/** What still runs on the state of these commands. */
const servers = () =>
  execFileSync('ps', ['-eo', 'command='], { encoding: 'utf8' })
    .split('\n')
    .filter((command) => command.includes(join(sluice.state, 'postgres')));

beforeAll(() => project.serve('{"id":1,"mood":"calm"}', '{"id":9007199254740993,"mood":"ü\\\\n"}'));

test('a run starts a database, loads into it, and leaves no process behind; queries find the rows', async () => {
  expect(await run()).toMatchObject({ status: 'success' });
  expect(servers()).toEqual([]);
  expect(await moods()).toMatchObject({
    columns: ['id', 'mood'],
    rows: [
      [1, 'calm'],
      [expect.anything(), 'ü\\n'],
    ],
  });
  expect(servers()).toEqual([]);
});

test('a question may not change anything, and --write may', async () => {
  const ask = (...args: string[]) => sluice.run('query', '--connection', 'moods-db', ...args);
  const sneaky = await ask("select setval(pg_get_serial_sequence('x', 'y'), 1), pg_notify('a', 'b'), lo_create(0)");
  expect(sneaky.code).toBe(2);
  expect(await ask('delete from acme.moods where id = 1')).toMatchObject({ code: 2 });
  expect(await ask('delete from acme.moods where id = 1', '--write')).toMatchObject({
    code: 0,
    stdout: 'DELETE 1 row\n',
  });
  expect(await ask('select nonsense')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('column "nonsense" does not exist'),
  });
  const stranger = await sluice.run('query', '--connection', 'other', 'select 1');
  expect(stranger).toMatchObject({ code: 2, stderr: expect.stringContaining('It has: moods-db.') });
});

test('a command that was killed leaves no server, and the next one goes on with the rows', async () => {
  const killed = sluice.start('run', 'moods', '--source', project.source);
  await expect.poll(() => servers().length, { interval: 20 }).toBeGreaterThan(0);
  killed.kill('SIGKILL');
  await expect.poll(servers).toEqual([]);
  expect(await run()).toMatchObject({ status: 'success' });
  expect(await moods()).toMatchObject({
    rows: [
      [1, 'calm'],
      [expect.anything(), 'ü\\n'],
    ],
  });
  const connections = await sluice.json<{ connection: string; set: boolean }[]>('connection', 'list');
  expect(connections).toContainEqual(expect.objectContaining({ connection: 'moods-db', set: false }));
});

test('a connection that somebody set leads where it says, and nothing is started', async () => {
  const elsewhere = { host: '127.0.0.1', port: 1, dbname: 'd', username: 'u', password: 'p', sslmode: 'disable' };
  await sluice.run('connection', 'set', 'moods-db', JSON.stringify(elsewhere));
  const { code, stderr } = await sluice.run('query', '--connection', 'moods-db', 'select 1');
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('connecting to d at 127.0.0.1:1'),
  });
  expect(existsSync(join(sluice.state, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startPostgres } from '#local/postgres/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'postgres-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const START = `import { startPostgres } from ${JSON.stringify(resolve('local/postgres/index.ts'))};
await startPostgres(${JSON.stringify(directory)});
console.log('started');
setInterval(() => {}, 1000);`;

/** Servers that run on the directory. */
const servers = (): number[] =>
  execFileSync('ps', ['-eo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`-D ${join(directory, 'data')}`) && /\bpostgres -D/.test(line))
    .map((line) => Number.parseInt(line, 10));

async function ask(sql: string): Promise<unknown[]> {
  const { close, database: _, username: user, dbname: database, ...at } = await startPostgres(directory);
  const client = new pg.Client({ ...at, user, database });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
    await close();
  }
}

test('what it holds outlives it, and it ends when it is closed', async () => {
  await ask('CREATE TABLE kept AS SELECT 1 AS n');
  expect(servers()).toEqual([]);
  expect(await ask('SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('it ends with the process that started it, which is killed, and starts again', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', START], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(servers().length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await expect.poll(servers).toEqual([]);
  expect(await ask('SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('a server whose keeper was killed too is ended by the next start, and a stale file stands in nobody’s way', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', START], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const pid = Number(readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  for (const one of servers()) if (one !== pid) process.kill(one, 'SIGKILL');
  child.kill('SIGKILL');
  expect(await ask('SELECT n FROM kept')).toEqual([{ n: 1 }]);
  writeFileSync(join(directory, 'data', 'postmaster.pid'), `${process.pid}\n`);
  expect(await ask('SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('a damaged directory is named, with what to do', async () => {
  rmSync(join(directory, 'data', 'global'), { recursive: true });
  await expect(startPostgres(directory)).rejects.toThrow(
    new RegExp(`Starting PostgreSQL on ${directory}: .* If ${directory} is damaged, remove it to go on`),
  );
});

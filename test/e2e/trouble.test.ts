import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { exported, freePort } from '../worlds/served.ts';
import { Sluice } from '../worlds/sluice.ts';

const sluice = new Sluice();
afterAll(() => sluice[Symbol.dispose]());

/** The first line of a command that fits. */
async function line(stdout: NodeJS.ReadableStream, fits: RegExp): Promise<void> {
  for await (const told of createInterface({ input: stdout })) if (fits.test(told)) return;
  throw new Error(`No line fits ${fits}`);
}

const newestState = async () => {
  const [listed] = await sluice.json<{ newestRun: { state: string } | null }[]>('list');
  return listed?.newestRun?.state;
};

test('a command that was killed in the middle of a run leaves nothing in the way of the next one', async () => {
  const killed = sluice.start('run', 'github-to-redshift');
  await line(killed.stdout, /extract_/);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  // Opening the embedded AWS again closes the record of what was lost.
  expect(await newestState()).toBe('failed');
  expect(await sluice.json('run', 'github-to-redshift')).toMatchObject({ status: 'success' });
}, 120_000);

test('Ctrl-C stops the run and says what became of its tasks; exit status 1', async () => {
  const stopped = sluice.start('run', 'github-to-redshift');
  const warned = text(stopped.stderr);
  let said = '';
  for await (const chunk of stopped.stdout) {
    said += chunk;
    if (/extract_/.test(said) && !stopped.killed) stopped.kill('SIGINT');
  }
  expect(await warned).toContain('Stopping the run.');
  expect(said).toMatch(/^Stopped after /m);
  expect(said).toMatch(/^Not run: .*open_issue_count/m);
  expect(stopped.exitCode).toBe(1);
}, 120_000);

test('a run whose AWS is gone says so in a line; exit status 1', async () => {
  const served = sluice.start('local', '--port', `${await freePort()}`);
  await exported(served.stdout);
  const run = sluice.start('run', 'github-to-redshift');
  const said = text(run.stderr);
  await line(run.stdout, /extract_/);
  served.kill('SIGKILL');
  const [code] = await once(run, 'close');
  expect({ code, stderr: await said }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^sluice: A request to AWS failed: Error: connect ECONNREFUSED 127\.0\.0\.1/m),
  });
  expect(await said).not.toMatch(/^ {4}at /m);
}, 120_000);

test('two runs at once wait for each other', async () => {
  const both = await Promise.all([sluice.run('run', 'github-to-redshift'), sluice.run('run', 'github-to-redshift')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.map(({ stderr }) => stderr).join('')).toMatch(/Another sluice is at work on/);
}, 120_000);

test('a task that fails is told with its error, its cause and its log, and what to do; exit status 1', async () => {
  const source = join(sluice.state, 'source');
  mkdirSync(join(source, 'astronomerio', 'core'), { recursive: true });
  writeFileSync(join(source, 'astronomerio', 'core', 'issues.ndjson'), '{"id":"not a number"}\n');
  const { code, stdout } = await sluice.run('run', 'github-to-redshift', '--source', source);
  expect(code).toBe(1);
  expect(stdout).toMatch(/extract_astronomerio_by_repository item 0: Sluice\.Terminal: .*quarantine/);
  expect(stdout).toContain(`--source ${source}`);
  const log = /log: (\S+)/.exec(stdout)?.[1] ?? '';
  const history = /History +(\S+)/.exec(stdout)?.[1] ?? '';
  const root = resolve(import.meta.dirname, '../..');
  expect([existsSync(resolve(root, log)), existsSync(resolve(root, history))]).toEqual([true, true]);
}, 120_000);

test('local reset removes the state, and the next command begins anew', async () => {
  expect(await sluice.run('local', 'reset')).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(sluice.state)).toBe(false);
  expect(await sluice.json('list')).toMatchObject([{ newestRun: null }]);
}, 60_000);

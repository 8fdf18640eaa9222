/** Commands about runs on the embedded AWS, and the same through --stack against a `sluice local`. */
import type { ChildProcess } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VerbsProject } from '../worlds/verbs-project.ts';

const project = new VerbsProject();
const sluice = project.sluice();
let local: ChildProcess | undefined;
afterAll(async () => {
  await end(local);
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

beforeAll(async () => {
  for (const date of ['2026-11-16', '2026-11-17', '2026-11-18']) await sluice.run('run', 'steps', '--date', date);
});

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const closed = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  await closed;
}

/** @returns once it serves */
async function startLocal(): Promise<void> {
  const port = await freePort();
  const child = sluice.start('local', '--port', String(port));
  local = child;
  await new Promise<void>((serves, failed) => {
    child.stdout.on('data', (text) => String(text).includes('export AWS_ENDPOINT_URL') && serves());
    child.once('close', (code) => failed(new Error(`sluice local ended with ${code}`)));
  });
  const credentials = { AWS_ACCESS_KEY_ID: 'embedded', AWS_SECRET_ACCESS_KEY: 'embedded' };
  Object.assign(sluice.env, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1', ...credentials });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

interface Status {
  readonly state: string;
  readonly tasks: readonly { readonly task: string; readonly state: string; readonly attempts?: number }[];
}
const stateOf = ({ tasks }: Status, task: string) => tasks.find((one) => one.task === task)?.state;

function readsRuns(...stack: string[]): void {
  test('runs lists them, newest first', async () => {
    const runs = await sluice.json<{ runId: string; state: string }[]>('runs', 'steps', ...stack);
    expect(runs.slice(-3).map(({ runId, state }) => [runId, state])).toEqual([
      ['20261118T000000Z', 'failed'],
      ['20261117T000000Z', 'success'],
      ['20261116T000000Z', 'failed'],
    ]);
  });

  test('status tells attempts, items, rows, and why a task was skipped or failed', async () => {
    const retried = await sluice.json<Status>('status', 'steps', '2026-11-17', ...stack);
    expect(retried.tasks).toMatchObject([
      { task: 'list', state: 'success', attempts: 2, rows: 3 },
      { task: 'each', state: 'success', items: 2, rows: 6 },
      { task: 'news', state: 'skipped', reason: 'nothing is new' },
      ...['load', 'slow', 'report'].map((task) => ({ task, state: 'success' })),
    ]);
    const failed = await sluice.json<Status>('status', 'steps', '2026-11-16', ...stack);
    expect(failed.tasks[1]).toMatchObject({ state: 'failed', items: 2, failedItems: 2 });
    expect(stateOf(failed, 'load')).toBe('upstream_failed');
  });

  test('logs are those of one attempt, or of one item', async () => {
    const of = async (...args: string[]) => (await sluice.run('logs', 'steps', '2026-11-17', ...args, ...stack)).stdout;
    const second = await of('list', '--attempt', '2');
    expect(second).toMatch(/START.*list #2 {2}at work.*printed by list\nin two lines.*REPORT/s);
    expect(second).not.toContain('list #1');
    const item = await of('each[1]');
    expect(item).toContain('printed by b');
    expect(item).not.toContain('printed by a');
  });

  test('output has what a mapped task gave, and what an item was called with', async () => {
    const outputs = ['a', 'b'].map((name) => ({ rows: 3, name }));
    expect(await sluice.json('output', 'steps', '2026-11-17', 'each', ...stack)).toMatchObject({ output: outputs });
    expect(await sluice.json('output', 'steps', '20261117T000000Z', 'each[1]', ...stack)).toMatchObject({
      output: outputs[1],
      inputs: [{ index: 1, input: { name: 'b', today: '2026-11-17T00:00:00Z' } }],
    });
  });
}

interface Tested {
  readonly state: string;
  readonly logicalDate: string;
  readonly upstreamOf: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly lines: readonly string[];
}

function testsTasks(): void {
  const tested = (...args: string[]) => sluice.json<Tested>('test', 'steps', ...args);

  test('test carries a task out on what that date’s run gave, with today’s code, and no run takes what it gave', async () => {
    const ledger = () => globSync('s3/**/{ledger,runs}/**', { cwd: sluice.state }).sort();
    const before = ledger();
    expect(before.length).toBeGreaterThan(0);
    const handler = 'lambdas/tasks/step/handler.ts';
    const text = readFileSync(project.path(handler), 'utf8');
    project.write(handler, text.replace('rows: 3', 'rows: 7'));
    const found = await tested('load', '--date', '2026-11-17').finally(() => project.write(handler, text));
    expect(found).toMatchObject({
      state: 'success',
      logicalDate: '2026-11-17T00:00:00Z',
      upstreamOf: '2026-11-17T00:00:00Z',
      output: { rows: 7, name: 'list' },
    });
    expect(found.lines.join('\n')).toContain('printed by list');
    expect(ledger()).toEqual(before);
    expect(await sluice.json('output', 'steps', '2026-11-17', 'load')).toMatchObject({ output: { rows: 3 } });
  });

  test('test fails and skips as the task does, for people on two streams', async () => {
    const failed = await sluice.run('test', 'steps', 'load', '--date', '2026-11-18');
    expect(failed).toMatchObject({ code: 1, stdout: 'load failed: Sluice.Terminal: the disk is full\n' });
    expect(failed.stderr).toMatch(
      /testing load for 2026-11-18T00:00:00Z, on what list gave in the run of 2026-11-18T.*at work/s,
    );
    const skipped = await sluice.run('test', 'steps', 'news', '--date', '2026-11-17');
    expect(skipped).toMatchObject({ code: 0, stdout: 'news is skipped: nothing is new\n' });
  });

  test('test of a date that has not run takes the latest run, and of a mapped task one item', async () => {
    expect(await tested('load', '--date', '2026-11-10')).toMatchObject({
      state: 'success',
      logicalDate: '2026-11-10T00:00:00Z',
      upstreamOf: '2026-11-18T00:00:00Z',
    });
    expect(await tested('each')).toMatchObject({ index: 0, output: { name: 'a' } });
    expect(await tested('each', '--item', '1')).toMatchObject({ index: 1, output: { name: 'b' } });
  });

  test('test names an output that is missing with the way out', async () => {
    const { code, stderr } = await sluice.run('test', 'steps', 'slow', '--date', '2026-11-18');
    expect(code).toBe(2);
    expect(stderr).toContain('load gave no output in the run of 2026-11-18T00:00:00Z');
    expect(stderr).toContain('npx sluice rerun steps 20261118T000000Z --task load --only');
  });
}

describe('at rest', () => {
  readsRuns();
  testsTasks();

  test('graph --run colours the tasks by their states', async () => {
    await sluice.run('graph', 'steps', '--run', '2026-11-16', '--out', project.path('drawn'));
    const text = readFileSync(project.path('drawn/steps.dag.mmd'), 'utf8');
    const nameOf = (task: string) => new RegExp(`(n\\d+)\\["${task}<br/>`).exec(text)?.[1];
    for (const [task, state] of Object.entries({ list: 'success', each: 'failed', load: 'upstream_failed' }))
      expect(text).toContain(`class ${nameOf(task)} ${state}\n`);
    expect(readFileSync(project.path('drawn/steps.machine.svg'), 'utf8')).toContain('state-upstream_failed"');
  });
});

describe('through --stack against sluice local', () => {
  const stack = ['--stack', 'Sluice'];
  beforeAll(startLocal);
  readsRuns(...stack);

  test('trigger begins a run and returns; its status, its logs and its stop are told while it runs', async () => {
    const begun = await sluice.json('trigger', 'steps', '--date', '2026-11-15', ...stack);
    expect(begun).toMatchObject({ runId: '20261115T000000Z', execution: expect.stringContaining(':Sluice-steps:') });
    const status = () => sluice.json<Status>('status', 'steps', '2026-11-15', ...stack);
    await expect.poll(async () => stateOf(await status(), 'slow'), { timeout: 60_000 }).toBe('running');
    expect(await status()).toMatchObject({ state: 'running' });
    expect((await sluice.run('logs', 'steps', '2026-11-15', 'slow', ...stack)).stdout).toContain('slow #1  at work');
    const again = await sluice.run('trigger', 'steps', '--date', '2026-11-15', ...stack);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('is running at this moment') });

    const following = sluice.run('logs', 'steps', '2026-11-15', 'slow', '--follow', ...stack);
    const isOver = await Promise.race([following.then(() => true), sleep(3000, false)]);
    expect(isOver).toBe(false);

    const stopped = await sluice.json('stop', 'steps', ...stack);
    expect(stopped).toMatchObject({ runId: '20261115T000000Z', tasks: { load: 'success', slow: 'failed' } });
    expect(await following).toMatchObject({ code: 0, stdout: expect.stringContaining('slow #1  at work') });
    const rows = await sluice.column(`select task_id from sluice.claims where run_id = '20261115T000000Z'`);
    expect(rows).toEqual(['*']);
    expect(await sluice.run('stop', 'steps', '2026-11-15', ...stack)).toMatchObject({ code: 2 });
  });

  test('trigger --wait shows the tasks as they end; a run that is over is not begun again', async () => {
    const waited = ['trigger', 'steps', '--date', '2026-11-19', '--wait', ...stack];
    expect(await sluice.json(...waited)).toMatchObject({ status: 'success' });
    const again = await sluice.run(...waited);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('has run already: it ended with success') });
  });

  test('mark gives a task the output that another one reads, and rerun --from --to goes on from there', async () => {
    const mark = ['mark', 'steps', '2026-11-18', 'success', '--task', 'load'];
    const bare = await sluice.run(...mark, ...stack);
    expect(bare).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("slow reads what 'load' gives: give --output"),
    });
    project.write('wrong.json', '{"rows": "many"}');
    const wrong = await sluice.run(...mark, '--output', project.path('wrong.json'), ...stack);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("is no output of 'load'") });
    project.write('load.json', '{"rows": 1, "name": "by hand"}');
    const marked = await sluice.json(...mark, '--output', project.path('load.json'), ...stack);
    expect(marked).toMatchObject({ runId: '20261118T000000Z', task: 'load', status: 'success', state: 'failed' });

    const range = ['rerun', 'steps', '--from', '2026-11-17', '--to', '2026-11-18', '--json', ...stack];
    const { code, stdout } = await sluice.run(...range);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, first]).toEqual([
      0,
      expect.objectContaining({ runId: '20261117T000000Z', status: 'nothing to run' }),
    ]);
    expect(second).toMatchObject({ runId: '20261118T000000Z', status: 'success' });
    const output = await sluice.json('output', 'steps', '2026-11-18', 'slow', ...stack);
    expect(output).toMatchObject({ output: { name: 'by hand' } });
  });
});

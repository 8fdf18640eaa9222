import { once } from 'node:events';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOfGitHub } from '../worlds/rows-of-github.ts';
import { exported, freePort } from '../worlds/served.ts';
import { Sluice } from '../worlds/sluice.ts';

interface Run {
  readonly status: string;
  readonly execution: string;
}

const sluice = new Sluice();
afterAll(() => sluice[Symbol.dispose]());

let first: Run;
beforeAll(async () => {
  first = await sluice.json<Run>('run', 'github-to-redshift', '--date', '2026-11-18');
});

test('local serves the app to any SDK; run joins it; the same date again leaves the tables as they were', async () => {
  const before = await rowsOfGitHub(sluice.state);
  const port = await freePort();
  const local = sluice.start('local', '--port', String(port));
  try {
    const env = await exported(local.stdout);
    expect(env['AWS_ENDPOINT_URL']).toBe(`http://127.0.0.1:${port}`);
    const credentials = {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    };
    const sfn = new SFNClient({
      endpoint: env['AWS_ENDPOINT_URL'] ?? '',
      region: env['AWS_REGION'] ?? '',
      credentials,
    });
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const machine = stateMachines.find(({ name }) => name === 'Sluice-github-to-redshift')?.stateMachineArn;

    const again = await sluice.json<Run>('run', 'github-to-redshift', '--date', '2026-11-18');
    expect(again).toMatchObject({ status: 'success' });
    expect(again.execution).not.toBe(first.execution);
    // Its run is over: a duplicate ends quietly.
    const tick = { stateMachineArn: machine, input: '{"tick":"2026-11-19T00:00:00Z"}' };
    const { executionArn } = await sfn.send(new StartExecutionCommand(tick));
    const ended = async () => (await sfn.send(new DescribeExecutionCommand({ executionArn }))).output;
    await expect.poll(ended).toBe('{}');
    Object.assign(sluice.env, env);
    expect(await sluice.json('list', '--stack', 'Sluice')).toContainEqual(
      expect.objectContaining({ pipeline: 'github-to-redshift' }),
    );
    expect((await sluice.run('query', 'select 1', '--stack', 'Nope')).stderr).toMatch(/There is no stack 'Nope' there/);
    expect((await sluice.run('run', 'nothing')).stderr).toMatch(/There is no pipeline 'nothing' in Sluice/);
    expect((await sluice.run('local', 'reset')).stderr).toMatch(/The embedded AWS runs at .* End it first/);
  } finally {
    local.kill('SIGINT');
    await once(local, 'close');
    for (const name of Object.keys(sluice.env)) delete sluice.env[name];
  }
  expect(local.exitCode).toBe(0);
  expect(before.length).toBeGreaterThan(600);
  expect(await rowsOfGitHub(sluice.state)).toEqual(before);
  expect(await sluice.column('select count(distinct clearing) from sluice.loads')).toEqual([2]);
});

/** `sluice local --schedules` from outside: pauses, and pipelines that are edited while it serves. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';
import { freePort } from '../worlds/served.ts';

const project = new Project();
const sluice = project.sluice();
let local: ReturnType<typeof sluice.start>;
let said = '';

/** Its ticks are so far away that none comes while the tests run. */
const dag = (name: string, schedule: string) => `
import { Dag } from '#sluice';

export const dag = new Dag('${name}', { schedule: '${schedule}', startDate: '2020-01-01' });
dag.empty('nothing');
`;
const NAP = { file: 'nap.ts', dag: 'dag' };
const SECOND = { file: 'second.ts', dag: 'dag' };

beforeAll(async () => {
  project.write('lib/pipelines/nap.ts', dag('nap', '0 0 29 2 *'));
  project.list({ nap: NAP });
  local = sluice.start('local', '--schedules', '--port', `${await freePort()}`);
  for (const stream of [local.stdout, local.stderr])
    stream.on('data', (text) => {
      said += text;
    });
}, 60_000);
afterAll(async () => {
  local.kill('SIGINT');
  await once(local, 'exit');
  for (const one of [sluice, project]) one[Symbol.dispose]();
});

interface Listed {
  readonly pipeline: string;
  readonly schedule: string;
  readonly paused: boolean;
}
const listed = async () => {
  const all = await sluice.json<Listed[]>('list');
  return all.map(({ pipeline, schedule, paused }) => [pipeline, schedule, paused]).sort();
};
const isSaid = (text: string) => expect.poll(() => said, { timeout: 300_000 }).toContain(text);

test('an edited pipeline is deployed anew, a paused one stays paused, and a broken one breaks alone', async () => {
  await isSaid('Schedules fire at their times.');
  expect(await sluice.json('pause', 'nap')).toEqual({ pipeline: 'nap', paused: true, changed: true });
  expect(await sluice.json('pause', 'nap')).toMatchObject({ changed: false });
  expect(await listed()).toEqual([['nap', '0 0 29 2 *', true]]);

  project.write('lib/pipelines/second.ts', dag('second', '0 0 29 2 *'));
  project.write('lib/pipelines/nap.ts', dag('nap', '30 0 29 2 *'));
  project.list({ nap: NAP, second: SECOND });
  await isSaid('Deployed anew: nap, second');
  expect(await listed()).toEqual([
    ['nap', '30 0 29 2 *', true],
    ['second', '0 0 29 2 *', false],
  ]);

  project.write('lib/pipelines/second.ts', 'export const dag = ;');
  await isSaid('second is broken, and left out: ');
  expect(await sluice.json('unpause', 'nap')).toEqual({ pipeline: 'nap', paused: false, changed: true });
  expect((await sluice.run('unpause', 'nap')).stdout).toBe('nap was not paused.\n');
}, 900_000);

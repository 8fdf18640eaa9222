import { expect, test } from 'vitest';
import type { Deployment } from '#lib/cli/deployment/deployment.ts';
import { questions } from '#lib/cli/terminal/questions.ts';
import type { Try } from '#lib/runs/task-history.ts';

const waiting = (token: string): Try => ({
  task: 'agree',
  attempt: 1,
  functionName: 'f',
  startedAt: new Date(0),
  state: 'running',
  token,
});
const deployment = { name: 'Sluice-dev' } as Deployment;

test('a callback task that waits is told once for each token, with the commands that answer it', () => {
  const ask = questions({ kind: 'embedded', deployment });
  const { token: _, ...works } = waiting('');
  expect(ask({ tries: [works], left: [], mapRuns: [] })).toEqual([]);
  expect(ask({ tries: [waiting('A')], left: [], mapRuns: [] })).toEqual([
    '? waiting  agree: answer it from another terminal\n    npx sluice callback succeed A\n    npx sluice callback fail A',
  ]);
  expect(ask({ tries: [waiting('A')], left: [], mapRuns: [] })).toEqual([]);
  expect(ask({ tries: [works, waiting('B')], left: [], mapRuns: [] })).toHaveLength(1);
});

test('in a deployment the commands name it', () => {
  const [told] = questions({ kind: 'aws', deployment })({ tries: [waiting('A')], left: [], mapRuns: [] });
  expect(told?.match(/ --stack Sluice-dev$/gm)).toHaveLength(2);
});

import { expect, test } from 'vitest';
import { alertOf } from '#lambdas/run/alert.ts';
import { failuresOf } from '#lib/runs/task-history.ts';
import { execute, graphOf, type Payload } from '../../worlds/machines.ts';

const execution = 'arn:aws:states:us-east-1:000000000000:execution:Sluice-daily:1';
const ended = { status: 'FAILED', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' } as const;

const waits = { pokeSeconds: 60, timeoutSeconds: 600, softFail: false };
const graph = graphOf([
  { id: 'file', sensor: waits },
  { id: 'extra', sensor: { ...waits, softFail: true } },
  { id: 'broken' },
]);

/** As the runtime does: looks find nothing until the time is up. */
function answer({ task: { id, attempt, sensor } }: Payload) {
  const error = (name: string, errorMessage: string) => ({ error: name, cause: JSON.stringify({ errorMessage }) });
  if (id === 'broken') throw error('Sluice.Terminal', 'no such org');
  if (attempt < 11) throw error('Sluice.NotReady', 'nothing there');
  throw error(sensor?.softFail ? 'Sluice.Skipped' : 'Sluice.SensorTimeout', 'not there after 11 looks in 10m: nothing');
}

test('the mail lists what failed: a sensor once, with its looks, and not one that was skipped for its time being up', async () => {
  const { events } = await execute(graph, { answer });
  const failures = { tries: failuresOf(events), maps: [] };
  const { message } = alertOf({ execution, stack: undefined, ended, record: undefined, failures });
  const listed = message.split('\n').filter((line) => line.startsWith('- '));
  expect(listed.toSorted()).toEqual([
    '- broken, attempt 1: Sluice.Terminal: no such org',
    '- file, attempt 11: Sluice.SensorTimeout: not there after 11 looks in 10m: nothing',
  ]);
});

test('however much failed, the mail fits what SNS takes, and says how much more there is', () => {
  const at = {
    attempt: 1,
    functionName: 'f',
    startedAt: new Date(0),
    state: 'failed',
    error: 'Sluice.Terminal',
  } as const;
  const tries = Array.from({ length: 1000 }, (_, index) => ({
    ...at,
    task: 'each',
    index,
    cause: '\u20ac'.repeat(30_000),
  }));
  const { message } = alertOf({ execution, stack: undefined, ended, record: undefined, failures: { tries, maps: [] } });
  expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
  expect(message).toContain('- each (item 49), attempt 1: Sluice.Terminal: \u20ac');
  expect(message).toContain('- and 950 more: the execution shows them all');
});

test('lines of a message stand below their task, and a message that is the only one is told whole', () => {
  const cause = [
    '2 of 9 checks failed:',
    `- a: 1 offending, such as\n    ${'x'.repeat(3000)}`,
    '- b: 1 offending',
  ].join('\n');
  const one = {
    task: 'check',
    attempt: 1,
    functionName: 'f',
    startedAt: new Date(0),
    state: 'failed',
    error: 'E',
    cause,
  } as const;
  const failures = { tries: [one], maps: [] };
  const { message } = alertOf({ execution, stack: undefined, ended, record: undefined, failures });
  expect(message.split('\n').slice(2, -2)).toEqual([
    'Failed tasks:',
    '- check, attempt 1: E: 2 of 9 checks failed:',
    '  - a: 1 offending, such as',
    `      ${'x'.repeat(3000)}`,
    '  - b: 1 offending',
  ]);
});

test.for([
  ['Sluice-dev', '--date 2026-11-19T00:00:00Z --stack Sluice-dev'],
  [undefined, '--date 2026-11-19T00:00:00Z'],
] as const)(
  'the command that runs it again names the deployment %s where the function is told to, and only there is a console',
  ([stack, told]) => {
    const record = { dagId: 'stars', logicalDate: '2026-11-19T00:00:00Z', tasks: {} } as never;
    const { message } = alertOf({ execution, stack, ended, record, failures: { tries: [], maps: [] } });
    expect(message.includes('console.aws.amazon.com')).toBe(stack !== undefined);
    expect(message).toMatch(new RegExp(`^Execution: .*${execution}$`, 'm'));
    expect(message.split('\n').at(-1)).toBe(`When the cause is mended: npx sluice run stars ${told}`);
  },
);

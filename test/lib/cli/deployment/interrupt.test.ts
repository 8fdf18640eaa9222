import type { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { interruptible } from '#lib/cli/deployment/interrupt.ts';
import type { Opened } from '#lib/cli/deployment/open.ts';

/** What the first Ctrl-C does to a run: the executions that it stops, or why the following ends. */
async function interrupted(kind: Opened['kind'], hasSources: boolean) {
  const stopped: string[] = [];
  const send = async ({ input }: StopExecutionCommand) => void stopped.push(input.executionArn ?? '');
  const opened = { kind, deployment: { aws: { stepFunctions: { send } } } } as unknown as Opened;
  const earlier = process.listeners('SIGINT');
  const ended = await interruptible(opened, { execution: 'arn:1', hasSources }, async (signal) => {
    const own = process.listeners('SIGINT').filter((listener) => !earlier.includes(listener));
    for (const interrupt of own) interrupt('SIGINT');
    return signal.aborted ? (signal.reason as Error).message : 'followed on';
  });
  return { stopped, ended };
}

test.for([
  ['embedded', true],
  ['embedded', false],
  ['attached', true],
] as const)(
  'Ctrl-C stops a run that would end with this command: %s, with sources of its own: %s',
  async ([kind, has]) => {
    expect(await interrupted(kind, has)).toEqual({ stopped: ['arn:1'], ended: 'followed on' });
  },
);

test.for([
  ['attached', 'The run goes on in the sluice local that serves it.'],
  ['aws', 'The run goes on in AWS.'],
] as const)('Ctrl-C leaves a run that is elsewhere alone, and says so: %s', async ([kind, told]) => {
  expect(await interrupted(kind, false)).toEqual({ stopped: [], ended: expect.stringContaining(told) });
});

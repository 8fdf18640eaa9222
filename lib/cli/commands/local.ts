import { rm } from 'node:fs/promises';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { InvalidArgumentError } from 'commander';
import { runningAt } from '#local/at-rest.ts';
import { serveDatabases } from '../deployment/databases.ts';
import { endAll } from '../deployment/ends.ts';
import { type Opened, startEmbedded } from '../deployment/open.ts';
import { STATE } from '../deployment/place.ts';
import { describeSources, refuseSources, type SourceOptions, serveSources } from '../deployment/sources.ts';
import { UsageError } from '../errors.ts';
import type { AddCommand } from './add-command.ts';

const DEFAULT_PORT = 4566;

export const addLocal: AddCommand = async (program) => {
  const help = await describeSources();
  const local = program
    .command('local')
    .description(
      'Serves the embedded AWS with the app in it to the AWS CLI and SDKs, until it is interrupted; runs that go on then ' +
        'are stopped, and a second Ctrl-C ends it at once.',
    )
    .option('--port <port>', 'where to listen on 127.0.0.1; the default is that of LocalStack', port, DEFAULT_PORT)
    .option('--source <dir>', help.source)
    .option('--live', help.live)
    .action(serve);
  local
    .command('reset')
    .description('Removes all that the embedded AWS keeps: buckets, warehouse, secrets, histories, logs, mails.')
    .action(reset);
};

async function serve({ port, ...sources }: SourceOptions & { port: number }): Promise<void> {
  await refuseSources(sources, true);
  const opened = await startEmbedded({ fresh: true, port });
  const ends = [() => opened.close()];
  try {
    ends.unshift(await serveSources(opened, sources));
    ends.unshift(await serveDatabases(opened));
    console.log(
      `The embedded AWS serves ${opened.deployment.name} at ${opened.environment['AWS_ENDPOINT_URL']}. Ctrl-C ends it.\n`,
    );
    console.log(
      Object.entries(opened.environment)
        .map(([name, value]) => `export ${name}=${value}`)
        .join('\n'),
    );
    await interrupted();
    await tellStopped(opened);
  } finally {
    await endAll(ends);
  }
}

const interrupted = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

/** The runs that end with this command. */
async function tellStopped({ deployment }: Opened): Promise<void> {
  const running = deployment.pipelines.map(async ({ dagId, stateMachine }) => {
    const list = new ListExecutionsCommand({ stateMachineArn: stateMachine, statusFilter: 'RUNNING' });
    const { executions = [] } = await deployment.aws.stepFunctions.send(list);
    return executions.length > 0 ? [dagId] : [];
  });
  const pipelines = (await Promise.all(running)).flat();
  if (pipelines.length === 0) return;
  console.error(`\nStopping the runs of ${pipelines.join(', ')}. A second Ctrl-C ends this command at once.`);
}

async function reset(): Promise<void> {
  const running = await runningAt(STATE);
  if (running) throw new UsageError(`The embedded AWS runs at ${running.url} (process ${running.pid}). End it first.`);
  await rm(STATE, { recursive: true, force: true });
  console.log(`Removed ${STATE}`);
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new InvalidArgumentError('Ports are 1 to 65535.');
  return value;
}

import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { InvalidArgumentError } from 'commander';
import { runningAt } from '#local/at-rest.ts';
import { serveDatabases } from '../deployment/databases.ts';
import { endAll } from '../deployment/ends.ts';
import { type Opened, startEmbedded } from '../deployment/open.ts';
import { STATE } from '../deployment/place.ts';
import { describeSources, refuseSources, type SourceOptions, serveSources } from '../deployment/sources.ts';
import { UsageError } from '../errors.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { watchSources } from '../scheduler/sources.ts';
import type { AddCommand } from './add-command.ts';

const DEFAULT_PORT = 4566;

const SCHEDULES = `
Without --schedules nothing begins by itself. With it, the pipelines that are not paused run at their times, as on AWS,
and runs are told as they begin and end. Of the ticks that were missed while it did not run, the latest of each pipeline
begins; of a pipeline with catchup all of them do, one after another. What was missed before --schedules was first used is
not noticed.

Exit status: 0 it was interrupted, 1 something broke, 2 usage.

Example: npx sluice local --schedules`;

interface Options extends SourceOptions {
  readonly port: number;
  readonly schedules?: true;
}

export const addLocal: AddCommand = async (program) => {
  const help = await describeSources();
  const local = program
    .command('local')
    .description(
      'Serves the embedded AWS with the app in it to the AWS CLI and SDKs, until it is interrupted; runs that go on then ' +
        'are stopped, and a second Ctrl-C ends it at once.',
    )
    .option('--port <port>', 'where to listen on 127.0.0.1; the default is that of LocalStack', port, DEFAULT_PORT)
    .option('--schedules', 'also fire schedules at their times, and deploy the app anew when its code is edited')
    .option('--source <dir>', help.source)
    .option('--live', help.live)
    .addHelpText('after', SCHEDULES)
    .action(serve);
  local
    .command('reset')
    .description('Removes all that the embedded AWS keeps: buckets, warehouse, secrets, histories, logs, mails.')
    .action(reset);
};

async function serve({ port, schedules, ...sources }: Options): Promise<void> {
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
    await (schedules ? keepSchedules(opened) : interrupted());
    await tellStopped(opened);
  } finally {
    await endAll(ends);
  }
}

const LOOK_MS = 1000;

/** Until it is interrupted. */
async function keepSchedules({ embedded, deployment }: Awaited<ReturnType<typeof startEmbedded>>): Promise<void> {
  const tell = (line: string) => console.log(`${new Date().toISOString().slice(0, 19)}Z ${line}`);
  const scheduler = new Scheduler({ embedded, deployment, tell });
  const sources = watchSources();
  const end = new AbortController();
  void interrupted().then(() => end.abort());
  console.log('\nSchedules fire at their times.\n');
  try {
    while (!end.signal.aborted) {
      if (sources.hasChanged()) await scheduler.redeploy();
      await scheduler.step(new Date());
      await sleep(LOOK_MS, undefined, { signal: end.signal }).catch(() => {});
    }
  } finally {
    sources.close();
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

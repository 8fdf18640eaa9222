/** The command line: `sluice <command>`. One file a command. */
import { Command, CommanderError } from 'commander';
import { SluiceError } from '#lib/contract/errors.ts';
import { addCallback } from './commands/callback.ts';
import { addConnection } from './commands/connection.ts';
import { addCost } from './commands/cost.ts';
import { addGraph } from './commands/graph.ts';
import { addList } from './commands/list.ts';
import { addLocal } from './commands/local.ts';
import { addNext } from './commands/next.ts';
import { addOpen } from './commands/open.ts';
import { addPause } from './commands/pause.ts';
import { addQuarantine } from './commands/quarantine.ts';
import { addQuery } from './commands/query.ts';
import { addRun } from './commands/run.ts';
import { addSimulate } from './commands/simulate.ts';
import { addUnpause } from './commands/unpause.ts';
import { Interrupted, UsageError } from './errors.ts';
import { reportInternal } from './internal-error.ts';

/**
 * Carries a command out.
 * @returns the exit status: 0 done, 1 the run failed or something broke, 2 usage
 */
export async function main(args: string[]): Promise<number> {
  let status = 0;
  const exit = (code: number) => {
    status = code;
  };
  const program = new Command('sluice')
    .description('Airflow’s DAGs on AWS without servers: run, watch and query pipelines, on this machine or deployed.')
    .showHelpAfterError('(sluice --help lists the commands)')
    .exitOverride();
  const commands = [
    ...[addRun, addList, addQuery, addOpen, addQuarantine, addCallback, addConnection],
    ...[addNext, addPause, addUnpause],
    ...[addGraph, addSimulate, addCost, addLocal],
  ];
  try {
    for (const add of commands) await add(program, exit);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return report(error);
  }
}

/**
 * Says what went wrong.
 * @returns the exit status
 */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const status = statusOf(error);
  if (status !== undefined) {
    console.error(`sluice: ${(error as Error).message}`);
    return status;
  }
  if (!isOfAws(error)) return reportInternal(error);
  console.error(
    `sluice: A request to AWS failed: ${error.name}: ${error.message}\n` +
      'A run that had begun is not ended by that; where AWS is there again, sluice list says how it goes.',
  );
  return 1;
}

/** Of an error that says all there is to say. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof UsageError) return 2;
  if (error instanceof Interrupted) return 130;
  return error instanceof SluiceError || isOfSystem(error) ? 1 : undefined;
}

/** What the operating system refused: a file that may not be read, a full disk. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error && 'path' in error;

/** The SDK marks what came of a request, whether it was answered or not. */
const isOfAws = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

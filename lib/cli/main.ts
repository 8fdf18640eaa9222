/** The command line: `sluice <command>`. One file a command. */
import { Command, CommanderError } from 'commander';
import { SluiceError } from '#lib/contract/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { AddCommand } from './commands/add-command.ts';
import { Interrupted, UsageError } from './errors.ts';
import { reportInternal } from './internal-error.ts';

/** By name, in the order of the help. Only the one that is named is loaded: each loads much that others do not need. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./commands/run.ts')).addRun,
  rerun: async () => (await import('./commands/rerun.ts')).addRerun,
  test: async () => (await import('./commands/test.ts')).addTest,
  trigger: async () => (await import('./commands/trigger.ts')).addTrigger,
  list: async () => (await import('./commands/list.ts')).addList,
  runs: async () => (await import('./commands/runs.ts')).addRuns,
  status: async () => (await import('./commands/status.ts')).addStatus,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  output: async () => (await import('./commands/output.ts')).addOutput,
  stop: async () => (await import('./commands/stop.ts')).addStop,
  mark: async () => (await import('./commands/mark.ts')).addMark,
  next: async () => (await import('./commands/next.ts')).addNext,
  pause: async () => (await import('./commands/pause.ts')).addPause,
  unpause: async () => (await import('./commands/unpause.ts')).addUnpause,
  query: async () => (await import('./commands/query.ts')).addQuery,
  open: async () => (await import('./commands/open.ts')).addOpen,
  quarantine: async () => (await import('./commands/quarantine.ts')).addQuarantine,
  callback: async () => (await import('./commands/callback.ts')).addCallback,
  connection: async () => (await import('./commands/connection.ts')).addConnection,
  tasks: async () => (await import('./commands/tasks.ts')).addTasks,
  graph: async () => (await import('./commands/graph.ts')).addGraph,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
  cost: async () => (await import('./commands/cost.ts')).addCost,
  local: async () => (await import('./commands/local.ts')).addLocal,
};

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
    .version(packageJson.version, '--version', 'print the version')
    .showHelpAfterError('(sluice --help lists the commands)')
    .exitOverride();
  const [first = ''] = args;
  const named = Object.hasOwn(COMMANDS, first) ? [first] : first === '--version' ? [] : Object.keys(COMMANDS);
  try {
    for (const name of named) await (await COMMANDS[name]?.())?.(program, exit);
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

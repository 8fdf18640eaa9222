import { endAll } from '../deployment/ends.ts';
import { isHere, open } from '../deployment/open.ts';
import { connectSources, describeSources, refuseSources } from '../deployment/sources.ts';
import { refuseBroken } from '../deployment/synth.ts';
import { UsageError } from '../errors.ts';
import type { Wanted } from '../terminal/report.ts';
import type { AddCommand } from './add-command.ts';
import { carryOut, refuseEarly } from './carry-out.ts';
import { addParam } from './params.ts';

const JSON_FIELDS = `
--json prints one line when the run has ended:
  pipeline, runId, logicalDate
  status     "success", "failed", "already run", or "already running" (in another execution)
  execution  the ARN
  durationMs
  fromRaw    true where no source was asked: with --from-raw, or where a snapshot's date is not the newest
  tasks      [{task, state, attempt, durationMs, functionName, rows?, bytes?, quarantined?, unloaded?, superseded?, items?,
             failed?, index?, looks?, error?, cause?}], in the order in which they ended; state is "success", "skipped",
             "failed", "retrying" (an attempt that was tried again) or "waiting" (told once, of a sensor that found
             nothing yet); looks is how often a sensor looked; items that failed have a line each, with their index: of
             a map over more than 1,000 items the first ten, and failed counts them all; quarantined counts rows that
             sluice quarantine shows; unloaded is [{table, fields}], how many fields of its records no column takes;
             superseded is true where a newer date is loaded, so that nothing was changed;
             cause also says why a task was skipped
  notRun     {task: "skipped", "upstream_failed", or "not_run" in a run that was stopped} of the tasks that did not begin
  failedTasks    the tasks that failed in a run that succeeded all the same: it is judged by the tasks that nothing waits for
  warnings   [{task, dataset, of, status, url, reason}] of a run that succeeded with warnings: lists that their source did
             not have, which keep the rows they had unless they are gone for good (410); and [{task, index, error, cause}],
             items that failed of a map that tolerates them (toleratedFailureCount)
  error, cause   of a run that failed; error is "ABORTED" where it was stopped
  result     {columns, rows} of the pipeline's result table for the logical date, of a run that succeeded
A callback task that waits is told on standard error, with the commands that answer it.

Ctrl-C stops the run where this command serves the embedded AWS, or the run's sources, and prints what became of its
tasks; a second one ends the command at once. Where the run is elsewhere (sluice local, a deployment) it goes on there.

Exit status: 0 succeeded, already run or running, 1 the run failed or was stopped (with --strict also where it succeeded
although a task failed), 2 usage, 130 the run goes on.`;

interface Options extends Omit<Wanted, 'pipeline'> {
  readonly stack?: string;
}

export const addRun: AddCommand = async (program, exit) => {
  const help = await describeSources();
  program
    .command('run')
    .description('Runs a pipeline for one logical date and shows its tasks as they end.')
    .argument('<pipeline>', 'see sluice list')
    .option(
      '--date <date>',
      "the logical date in the pipeline's zone: 2026-11-19, yesterday, latest (default: latest, the last complete interval)",
    )
    .option('--from-raw', 'build stage and tables again from the raw files of that date, and ask no source')
    .option('--param <name=value>', 'a param of the DAG; may be given several times', addParam)
    .option('--source <dir>', help.source)
    .option('--live', help.live)
    .option('--strict', 'exit status 1 also where the run succeeded although a task failed')
    .option('--stack <name>', 'run it in a deployment instead of the embedded AWS')
    .option('--json', 'print the result as JSON; see below')
    .addHelpText('after', JSON_FIELDS)
    .action(async (pipeline: string, options: Options) => {
      await refuseSources({ ...options, pipeline }, isHere(options));
      if (options.fromRaw && (options.source !== undefined || options.live))
        throw new UsageError('--from-raw asks no source: leave out --source and --live.');
      if (isHere(options)) await refuseEarly({ pipeline, ...options });
      const opened = await open({ stack: options.stack, fresh: true });
      const ends = [() => opened.close()];
      try {
        refuseBroken(opened.kind, pipeline);
        const { sources, close } = await connectSources(opened, { ...options, pipeline });
        ends.unshift(close);
        exit(await carryOut(opened, { pipeline, ...options }, { sources, again: true }));
      } finally {
        await endAll(ends);
      }
    });
};

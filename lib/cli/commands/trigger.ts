import { executionsOf } from '#lib/runs/executions.ts';
import { isClosed, readRecord } from '#lib/runs/run-record.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { isHere, isServedHere, type Opened, withOpened } from '../deployment/open.ts';
import { refuseBroken } from '../deployment/synth.ts';
import { UsageError } from '../errors.ts';
import type { Wanted } from '../terminal/report.ts';
import { dateOf, linkOf, stackOption } from '../terminal/run-lines.ts';
import type { AddCommand } from './add-command.ts';
import { begin, carryOut, refuseEarly, runOf } from './carry-out.ts';
import { addParam } from './params.ts';

const HELP = `
A run that has ended is not carried out again: sluice run does that. On this machine it needs a sluice local, which
carries the run on after this command has returned.

--json prints {"pipeline", "runId", "logicalDate", "execution", "link"}; with --wait, what sluice run --json prints.

Exit status: 0 begun, 2 it ran already, runs at this moment, nobody is there to carry it on, or usage. With --wait: as
sluice run.

Example: sluice trigger github-to-redshift --date yesterday --param org=apache`;

interface Options extends Pick<Wanted, 'date' | 'param' | 'json'> {
  readonly stack?: string;
  readonly wait?: true;
}

export const addTrigger: AddCommand = (program, exit) => {
  program
    .command('trigger')
    .description('Begins a run and returns.')
    .argument('<pipeline>', 'see sluice list')
    .option(
      '--date <date>',
      "the logical date in the pipeline's zone: 2026-11-19, yesterday, latest (default: latest, the last complete interval)",
    )
    .option('--param <name=value>', 'a param of the DAG; may be given several times', addParam)
    .option('--wait', 'wait for its end, and show its tasks as they end')
    .option('--stack <name>', 'in a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, { stack, wait, ...options }: Options) => {
      const wanted = { pipeline, ...options };
      if (isHere({ stack })) {
        await refuseEarly(wanted);
        if (!(await isServedHere())) throw new UsageError(nobody(wanted));
      }
      await withOpened({ stack, fresh: false }, async (opened) => {
        refuseBroken(opened.kind, pipeline);
        await refuseSecondTime(opened, wanted);
        if (wait) exit(await carryOut(opened, wanted, { again: false }));
        else await tell(opened, wanted);
      });
    });
};

const nobody = ({ pipeline, date }: Wanted): string =>
  `Nobody would carry the run on: no sluice local runs on this machine, and this command ends now. Start \`npx sluice local\` in another terminal, or run it here: \`npx sluice run ${pipeline}${date === undefined ? '' : ` --date ${date}`}\`.`;

/** @throws UsageError where the run is over, or runs */
async function refuseSecondTime(opened: Opened, { pipeline: name, date }: Wanted): Promise<void> {
  const { deployment } = opened;
  const pipeline = pipelineOf(deployment, name);
  const { runId, logicalDate } = runOf(pipeline, date);
  const record = (await readRecord(deployment.store, { dagId: name, runId }))?.record;
  if (!record) return;
  const stack = stackOption(opened);
  const run = `${name} ${dateOf(logicalDate)}`;
  if (isClosed(record))
    throw new UsageError(
      `${run} has run already: it ended with ${record.state}. To carry it out again: \`npx sluice run ${name} --date ${logicalDate}${stack}\`.`,
    );
  // One that ended without closing its record is taken over by the next.
  if ((await executionsOf(deployment.aws.stepFunctions).ended(record.execution)) === 'running')
    throw new UsageError(`${run} is ${record.state} at this moment: \`npx sluice status ${run}${stack}\`.`);
}

async function tell(opened: Opened, wanted: Wanted): Promise<void> {
  const { pipeline, run, execution } = await begin(opened, wanted, { again: false });
  const link = linkOf(opened, execution);
  const { dagId } = pipeline;
  if (wanted.json) return console.log(JSON.stringify({ pipeline: dagId, ...run, execution, link }));
  const of = `${dagId} ${dateOf(run.logicalDate)}${stackOption(opened)}`;
  console.log(
    [
      `Begun: run ${run.runId}`,
      `Execution  ${execution}`,
      ...(opened.kind === 'aws' ? [`Console    ${link}`] : []),
      `Look       npx sluice status ${of}`,
      `           npx sluice logs ${of} --follow`,
    ].join('\n'),
  );
}

/** `sluice rerun`: carries tasks of a run out again, with today's code, and takes the results of the others. */
import type { Clearing } from '#lib/contract/begin-event.ts';
import { type RunRecord, runIdsOf } from '#lib/runs/run-record.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { endAll } from '../deployment/ends.ts';
import { isHere, type Opened, open } from '../deployment/open.ts';
import { planRerun, type RerunPlan } from '../deployment/rerun-plan.ts';
import { findRun, RUN_NAMES, runIdsBetween } from '../deployment/run-name.ts';
import { connectSources, describeSources, refuseSources, type SourceOptions } from '../deployment/sources.ts';
import { refuseBroken } from '../deployment/synth.ts';
import { UsageError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';
import { carryOut } from './carry-out.ts';
import { addParam } from './params.ts';

interface Options extends SourceOptions {
  readonly failed?: true;
  readonly task?: string[];
  readonly only?: true;
  readonly upstream?: true;
  readonly keep?: string[];
  readonly fromRaw?: true;
  readonly from?: string;
  readonly to?: string;
  readonly param?: Record<string, string>;
  readonly strict?: true;
  readonly dryRun?: true;
  readonly stack?: string;
  readonly json?: true;
}

const HELP = `
Without --task it is --failed: what failed, is upstream_failed, was cut off or never began runs, and all that is
downstream of it; of a mapped task that failed, the items without a result. All else gives the result that it gave:
no source is asked for it again. Trigger rules and conditions are decided anew, on those results. What is neither run
again nor has a result keeps its status. A job, a sensor or an approval downstream runs again too, as its input may have
changed: --keep lets its result stand. A recorded output that today's code does not take runs again with its downstream.
Params are the first run's unless given. Loads are fenced: a date that is older than what a table holds is refused as
docs/loads.md says.

--dry-run --json prints, a run a line: {pipeline, runId, logicalDate, run, resumed, reused, kept, rejected, gone, added}:
the tasks that run; of those, the mapped ones of which only items without a result do; those that give what they gave;
{task: status} of the others; those whose recorded output today's code refuses; tasks that the pipeline has no more, and
those that are new since. Otherwise --json prints what \`sluice run --json\` does, with "reused": true of tasks that gave what they gave, or {pipeline, runId, logicalDate,
"status": "nothing to run"}.

Exit status: 0 succeeded or nothing to run, 1 a run failed or was stopped, 2 usage.

Examples:
  sluice rerun github-to-redshift                              what failed in the newest run
  sluice rerun github-to-redshift 2026-11-19 --task report     one task, and what is downstream of it
  sluice rerun github-to-redshift --from 2026-11-01 --to 2026-11-19 --failed --dry-run`;

export const addRerun: AddCommand = async (program, exit) => {
  const help = await describeSources();
  program
    .command('rerun')
    .description('Runs tasks of a run again from where it broke, and reuses the results of the others.')
    .argument('<pipeline>', 'see sluice list')
    .argument('[run]', `${RUN_NAMES} (default: latest)`)
    .option('--failed', 'what did not succeed, and all downstream of it (the default)')
    .option('--task <task>', 'this task, and all downstream of it; may be given several times', gather)
    .option('--only', 'the chosen tasks alone, and nothing downstream')
    .option('--upstream', 'also what is upstream of the chosen tasks')
    .option('--keep <task>', 'a task downstream whose result stays; may be given several times', gather)
    .option('--from-raw', 'extracts that run again read the raw files of that date, and ask no source')
    .option('--from <date>', 'all runs from this logical date on, the oldest first, one after another')
    .option('--to <date>', 'and up to this one, a day with all of its runs')
    .option('--param <name=value>', "a param of the DAG, in place of the first run's", addParam)
    .option('--source <dir>', help.source)
    .option('--live', help.live)
    .option('--strict', 'exit status 1 also where the run succeeded although a task failed')
    .option('--dry-run', 'list what would run and what is reused, and run nothing')
    .option('--stack <name>', 'act on a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, run: string | undefined, options: Options) => {
      await refuseSources({ ...options, pipeline }, isHere(options));
      const opened = await open({ stack: options.stack, fresh: true });
      const ends = [() => opened.close()];
      try {
        refuseBroken(opened.kind, pipeline);
        const runs = await runsOf(opened, { pipeline, run, ...options });
        let status = 0;
        for (const one of runs) status = Math.max(status, await rerun(opened, one, options));
        exit(status);
      } finally {
        await endAll(ends);
      }
    });
};

const gather = (one: string, before: readonly string[] = []): string[] => [...before, one];

interface Named extends Pick<Options, 'from' | 'to'> {
  readonly pipeline: string;
  readonly run: string | undefined;
}

/** @throws UsageError where there is none */
async function runsOf({ deployment }: Opened, { pipeline, run, from, to }: Named): Promise<RunRecord[]> {
  if (from === undefined && to === undefined) return [await findRun(deployment, pipeline, run)];
  if (run !== undefined) throw new UsageError('Name one run, or a range of dates by --from and --to, not both.');
  const found = pipelineOf(deployment, pipeline);
  const range = runIdsBetween(found, { from, to });
  const ids = (await runIdsOf(deployment.store, found.dagId)).filter((id) => id >= range.from && id <= range.to);
  if (ids.length === 0)
    throw new UsageError(`${pipeline} has no run from ${from ?? 'the first'} to ${to ?? 'the last'}.`);
  return Promise.all(ids.map((id) => findRun(deployment, pipeline, id)));
}

function wishOf({ failed, task, only, upstream, keep }: Options): Clearing {
  return {
    ...((failed || task === undefined) && { failed: true as const }),
    ...(task && { tasks: task }),
    ...(only && { only }),
    ...(upstream && { upstream }),
    ...(keep && { keep }),
  };
}

/** @returns the exit status */
async function rerun(opened: Opened, run: RunRecord, options: Options): Promise<number> {
  const { dagId: pipeline, runId, logicalDate } = run;
  const plan = await planRerun(opened.deployment, run, wishOf(options));
  const { json } = options;
  if (options.dryRun) tellPlan(run, plan, json);
  else if (plan.run.length > 0) return carryOutPlan(opened, { run, plan, options });
  else if (json) console.log(JSON.stringify({ pipeline, runId, logicalDate, status: 'nothing to run' }));
  else console.log(`${pipeline} ${logicalDate}: no task is to run again: nothing was done. --task names some.`);
  return 0;
}

interface Planned {
  readonly run: RunRecord;
  readonly plan: RerunPlan;
  readonly options: Options;
}

async function carryOutPlan(opened: Opened, { run, plan, options }: Planned): Promise<number> {
  const { dagId: pipeline, logicalDate: date } = run;
  const { param, fromRaw, source, live, strict, json } = options;
  const chosen = { ...(source !== undefined && { source }), ...(live && { live }), ...(fromRaw && { fromRaw }) };
  const { sources, close } = await connectSources(opened, { ...chosen, pipeline });
  try {
    if (!json) tellSurprises(plan);
    const told = { clear: plan.clear, reused: plan.reused };
    const how = { ...(param && { param }), ...(strict && { strict }), ...(json && { json }) };
    const wanted = { pipeline, date, ...chosen, ...told, ...how };
    return await carryOut(opened, wanted, { sources, again: true });
  } finally {
    await close();
  }
}

function tellSurprises({ gone, added, rejected }: RerunPlan): void {
  if (rejected.length > 0)
    console.log(`Run again, since today's code does not take what they gave: ${rejected.join(', ')}`);
  tellChanges({ gone, added });
}

function tellChanges({ gone, added }: Pick<RerunPlan, 'gone' | 'added'>): void {
  if (gone.length > 0) console.log(`The pipeline has no more: ${gone.join(', ')}`);
  if (added.length > 0) console.log(`New since that run: ${added.join(', ')}`);
}

function tellPlan({ dagId: pipeline, runId, logicalDate, tasks = {} }: RunRecord, plan: RerunPlan, json?: true): void {
  const { clear: _, ...shown } = plan;
  if (json) {
    console.log(JSON.stringify({ pipeline, runId, logicalDate, ...shown }));
    return;
  }
  const { run, resumed, reused, kept, rejected } = plan;
  const why = (id: string) =>
    resumed.includes(id)
      ? 'its items without a result'
      : rejected.includes(id)
        ? 'its output does not fit any more'
        : '';
  const rows = [
    ...run.map((id) => [id, 'runs', tasks[id] ?? 'new', why(id)]),
    ...reused.map((id) => [id, 'reused', 'success', '']),
    ...Object.entries(kept).map(([id, status]) => [id, 'stays', status, '']),
  ];
  console.log(`${pipeline} ${logicalDate}`);
  console.log(table({ columns: ['task', 'rerun', 'was', ''], rows }));
  tellChanges(plan);
}

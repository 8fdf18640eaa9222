import { withOpened } from '../deployment/open.ts';
import { newestRun } from '../deployment/runs.ts';
import { brokenPipelines } from '../deployment/synth.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

export const addList: AddCommand = (program) => {
  program
    .command('list')
    .description('Lists the pipelines with their schedules and newest runs.')
    .option('--stack <name>', 'list those of a deployment instead of the embedded one')
    .option(
      '--json',
      'print [{"pipeline", "schedule", "timeZone", "newestRun": null or {"logicalDate", "state"}}], and {"pipeline", "error"} of one whose code is wrong',
    )
    .action(async ({ stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: true }, async ({ deployment, kind }) => {
        const pipelines = await Promise.all(
          deployment.pipelines.map(async ({ dagId, schedule, timeZone }) => {
            const run = await newestRun(deployment, dagId);
            const newest = run ? { logicalDate: run.logicalDate, state: run.state } : null;
            return { pipeline: dagId, schedule, timeZone, newestRun: newest };
          }),
        );
        const broken = kind === 'aws' ? [] : Object.entries(brokenPipelines());
        const wrong = broken.map(([pipeline, error]) => ({ pipeline, error }));
        if (json) return console.log(JSON.stringify([...pipelines, ...wrong]));
        console.log(table(asRows(pipelines)));
        for (const { pipeline, error } of wrong) console.log(`\n${pipeline} is broken, and left out:\n  ${error}`);
      });
    });
};

interface Listed {
  readonly pipeline: string;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly newestRun: { readonly logicalDate: string; readonly state: string } | null;
}

const asRows = (pipelines: readonly Listed[]) => ({
  columns: ['pipeline', 'schedule', 'zone', 'newest run', 'state'],
  rows: pipelines.map(({ pipeline, schedule, timeZone, newestRun: run }) => [
    pipeline,
    schedule ?? 'by hand',
    timeZone,
    run?.logicalDate ?? 'none',
    run?.state ?? '',
  ]),
});

import { pauseDag } from '#lib/runs/pauses.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { withOpened } from '../deployment/open.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
Until sluice unpause, ticks of the schedule begin no run, and are not made up for later. Runs that are under way go on,
and runs by hand begin as ever. A deploy does not change it. sluice list shows what is paused.

--json prints {"pipeline", "paused": true, "changed"}; changed is false where it was paused already.

Exit status: 0 it is paused, 1 something broke, 2 usage.

Example: npx sluice pause github-to-redshift`;

export const addPause: AddCommand = (program) => {
  program
    .command('pause')
    .description('Pauses the schedule of a pipeline, until sluice unpause.')
    .argument('<pipeline>', 'see sluice list')
    .option('--stack <name>', 'that of a deployment instead of the embedded one')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (name: string, { stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: true }, async ({ deployment }) => {
        const { dagId } = pipelineOf(deployment, name);
        const changed = await pauseDag(deployment.store, dagId, new Date());
        if (json) return console.log(JSON.stringify({ pipeline: dagId, paused: true, changed }));
        console.log(changed ? `${dagId} is paused: npx sluice unpause ${dagId}` : `${dagId} was paused already.`);
      });
    });
};

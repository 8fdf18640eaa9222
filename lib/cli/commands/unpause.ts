import { unpauseDag } from '#lib/runs/pauses.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { withOpened } from '../deployment/open.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
The next tick of the schedule begins a run again. Those that the pause held back are not made up for: run their dates.

--json prints {"pipeline", "paused": false, "changed"}; changed is false where it was not paused.

Exit status: 0 it is not paused, 1 something broke, 2 usage.

Example: npx sluice unpause github-to-redshift`;

export const addUnpause: AddCommand = (program) => {
  program
    .command('unpause')
    .description('Ends the pause of a pipeline.')
    .argument('<pipeline>', 'see sluice list')
    .option('--stack <name>', 'that of a deployment instead of the embedded one')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (name: string, { stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: true }, async ({ deployment }) => {
        const { dagId } = pipelineOf(deployment, name);
        const changed = await unpauseDag(deployment.store, dagId, new Date());
        if (json) return console.log(JSON.stringify({ pipeline: dagId, paused: false, changed }));
        console.log(changed ? `${dagId} is no longer paused.` : `${dagId} was not paused.`);
      });
    });
};

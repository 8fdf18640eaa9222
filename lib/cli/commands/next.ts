import { InvalidArgumentError } from 'commander';
import { type DueTick, nextTicks } from '#lib/time/schedule.ts';
import { inZone } from '#lib/time/wall-clock.ts';
import { type DeployedPipeline, pipelineOf } from '../deployment/deployment.ts';
import { isHere, withOpened } from '../deployment/open.ts';
import { graphOfPipeline } from '../simulate/compiled.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
A tick begins the run of the interval that ends there; its logical date is the interval's start. A time that the clocks
of the zone skip is no tick, one that they show twice is one tick. Whether the pipeline is paused, sluice list says.

--json prints {"pipeline", "schedule", "timeZone", "ticks": [{"tick", "runId", "logicalDate", "dataInterval": {"start",
"end"}, "inZone": {"tick", "logicalDate"}}]}: instants in UTC, and as the clocks of the zone show them.

Exit status: 0 also where no tick comes, 1 something broke, 2 usage.

Example: npx sluice next github-to-redshift -n 10`;

interface Options {
  readonly count: number;
  readonly stack?: string;
  readonly json?: true;
}

export const addNext: AddCommand = (program) => {
  program
    .command('next')
    .description('Lists the coming ticks of a pipeline with the intervals that their runs cover.')
    .argument('<pipeline>', 'see sluice list')
    .option('-n, --count <n>', 'how many', readCount, 5)
    .option('--stack <name>', 'as a deployment has it, instead of the code here')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (name: string, { count, stack, json }: Options) => {
      const tell = (pipeline: Scheduled) => {
        const ticks = [...nextTicks(pipeline, { after: new Date(), count })];
        console.log(json ? JSON.stringify(asJson(pipeline, ticks)) : report(pipeline, ticks));
      };
      if (isHere({ stack })) {
        const graph = await graphOfPipeline(name);
        return tell({ ...graph, dagId: graph.id });
      }
      await withOpened({ stack, fresh: false }, async ({ deployment }) => tell(pipelineOf(deployment, name)));
    });
};

export type Scheduled = Pick<DeployedPipeline, 'dagId' | 'schedule' | 'timeZone' | 'startDate' | 'endDate'>;

export const asJson = ({ dagId, schedule, timeZone }: Scheduled, ticks: readonly DueTick[]) => ({
  pipeline: dagId,
  schedule,
  timeZone,
  ticks: ticks.map((tick) => ({
    ...tick,
    inZone: { tick: inZone(tick.tick, timeZone), logicalDate: inZone(tick.logicalDate, timeZone) },
  })),
});

export function report({ dagId, schedule, timeZone, endDate }: Scheduled, ticks: readonly DueTick[]): string {
  if (schedule === null) return `${dagId} has no schedule: it is run by hand.`;
  if (ticks.length === 0) return `${dagId} has no more ticks: its last day is ${endDate}, its endDate.`;
  const isUtc = timeZone === 'UTC';
  const cells = (at: string) => [at, ...(isUtc ? [] : [inZone(at, timeZone)])];
  const columns = (name: string) => [name, ...(isUtc ? [] : [`in ${timeZone}`])];
  return table({
    columns: [...columns('tick'), ...columns('interval from'), 'to'],
    rows: ticks.map(({ tick, dataInterval: { start, end } }) => [...cells(tick), ...cells(start), end]),
  });
}

/** More are more than anybody reads, and than a table shows. */
const MOST = 1000;

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST}.`);
}

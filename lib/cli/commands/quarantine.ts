/** `sluice quarantine`: the rows that did not meet their table's declaration, and taking them again. */
import type { Command } from 'commander';
import { type QuarantinedRow, readQuarantine } from '#lib/runs/quarantine.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { isHere, withOpened } from '../deployment/open.ts';
import { UsageError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';
import { carryOut, refuseEarly, runOf } from './carry-out.ts';

interface Options {
  readonly date?: string;
  readonly stack?: string;
  readonly json?: true;
}
type Exit = (code: number) => void;

const LIST_FIELDS = `
--json prints [{"pipeline", "logicalDate", "dataset", "column"?, "reason", "rows"}]: rows by the reason for which they
are in quarantine. "column" is absent where the record as a whole is wrong.`;

const SHOW_FIELDS = `
--json prints [{"pipeline", "logicalDate", "dataset", "of", "column"?, "reason", "record", "base64"?}] with every row: "of"
is what gave it (a repository, or a task), "record" its text exactly as the source wrote it; of one that is no UTF-8,
"base64" is its bytes.`;

const REPLAY_HELP = `
The run of that date goes from its raw files once more: every record is held against today's declarations, and what fits
is loaded with the others, each once. No source is asked. Rows that still do not fit stay in quarantine. Where nothing
is in quarantine, nothing is done.

--json prints what \`sluice run --json\` prints, or {"pipeline", "logicalDate", "status": "nothing to replay"}.

Exit status: 0 replayed or nothing to replay, 1 the run failed, 2 usage.`;

export const addQuarantine: AddCommand = (program, exit) => {
  const quarantine = program
    .command('quarantine')
    .description("Shows the rows that did not meet their table's declaration, and takes them again.");
  withOptions(quarantine.command('list').argument('[pipeline]', 'see sluice list (default: all of them)'))
    .description('Counts the rows in quarantine by date, dataset and reason.')
    .addHelpText('after', LIST_FIELDS)
    .action(list);
  withOptions(quarantine.command('show').argument('<pipeline>', 'see sluice list'))
    .description('Prints the rows in quarantine: why each is there, and its record.')
    .addHelpText('after', SHOW_FIELDS)
    .action(show);
  withOptions(quarantine.command('replay').argument('<pipeline>', 'see sluice list'))
    .description('Takes the rows of one date through the code as it is now, into the same tables.')
    .addHelpText('after', REPLAY_HELP)
    .action((pipeline: string, options: Options) => replay(pipeline, options, exit));
};

const withOptions = (command: Command): Command =>
  command
    .option('--date <date>', "the logical date in the pipeline's zone, 2026-11-19")
    .option('--stack <name>', 'act on a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below');

async function list(pipeline: string | undefined, options: Options): Promise<void> {
  await withRows(pipeline, options, (rows) => {
    const counted = byReason(rows);
    if (options.json) console.log(JSON.stringify(counted));
    else if (counted.length === 0) console.log('Nothing is in quarantine.');
    else console.log(table(asRows(counted)));
  });
}

async function show(pipeline: string, options: Options): Promise<void> {
  await withRows(pipeline, options, (rows) => {
    if (options.json) console.log(JSON.stringify(rows));
    else if (rows.length === 0) console.log('Nothing is in quarantine.');
    else console.log(table(asRecords(rows)));
  });
}

async function replay(pipeline: string, options: Options, exit: Exit): Promise<void> {
  const { date, stack, json } = options;
  if (date === undefined) throw new UsageError('quarantine replay takes the rows of one date: give --date.');
  if (isHere(options)) await refuseEarly({ pipeline, date });
  await withOpened({ stack, fresh: true }, async (opened) => {
    const { logicalDate, runId } = runOf(pipelineOf(opened.deployment, pipeline), date);
    const { rows, damaged } = await readQuarantine(opened.deployment.store, { pipeline, runId });
    // A replay takes every record from raw, so that it also brings what cannot be read here.
    if (rows.length + damaged.length > 0)
      return exit(await carryOut(opened, { pipeline, date, fromRaw: true, ...(json && { json }) }, { again: true }));
    if (json) console.log(JSON.stringify({ pipeline, logicalDate, status: 'nothing to replay' }));
    else console.log(`Nothing of ${pipeline} ${logicalDate} is in quarantine: nothing was done.`);
  });
}

async function withRows(
  pipeline: string | undefined,
  { date, stack }: Options,
  tell: (rows: QuarantinedRow[]) => void,
): Promise<void> {
  if (pipeline === undefined && date !== undefined)
    throw new UsageError('--date is a date of a pipeline: name it too.');
  await withOpened({ stack, fresh: false }, async ({ deployment }) => {
    const wanted = pipeline === undefined ? deployment.pipelines : [pipelineOf(deployment, pipeline)];
    const found = wanted.map((one) =>
      readQuarantine(deployment.store, {
        pipeline: one.dagId,
        ...(date !== undefined && { runId: runOf(one, date).runId }),
      }),
    );
    const all = await Promise.all(found);
    for (const { message } of all.flatMap(({ damaged }) => damaged)) console.error(`sluice: ${message}`);
    tell(all.flatMap(({ rows }) => rows));
  });
}

function byReason(rows: readonly QuarantinedRow[]) {
  const keyOf = ({ pipeline, logicalDate, dataset, column, reason }: QuarantinedRow) =>
    JSON.stringify({ pipeline, logicalDate, dataset, column, reason });
  return [...Map.groupBy(rows, keyOf).values()].map((alike) => {
    const [{ of: _, record: __, base64: ___, ...row }] = alike as [QuarantinedRow];
    return { ...row, rows: alike.length };
  });
}

const asRows = (counted: ReturnType<typeof byReason>) => ({
  columns: ['pipeline', 'logical date', 'dataset', 'column', 'reason', 'rows'],
  rows: counted.map(({ pipeline, logicalDate, dataset, column, reason, rows }) => [
    pipeline,
    logicalDate,
    dataset,
    column ?? '',
    reason,
    rows,
  ]),
});

/** Of a record, as much as fits a line of a terminal; --json gives all of it. */
const SHOWN = 80;

const asRecords = (rows: readonly QuarantinedRow[]) => ({
  columns: ['logical date', 'dataset', 'of', 'column', 'reason', 'record'],
  rows: rows.map(({ logicalDate, dataset, of, column, reason, record }) => [
    logicalDate,
    dataset,
    of,
    column ?? '',
    reason,
    record.length > SHOWN ? `${record.slice(0, SHOWN)}…` : record,
  ]),
});

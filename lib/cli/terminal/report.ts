/** A run as a person reads it on a terminal. */

import { relative, resolve } from 'node:path';
import type { Rows } from '#lambdas/warehouse/session.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import { layerPrefix, runRecordKey } from '#lib/runs/keys.ts';
import type { RecordedStatus } from '#lib/runs/run-record.ts';
import { sentenceOf, type Warning } from '#lib/runs/warnings.ts';
import type { Moment } from '../deployment/execution.ts';
import type { Opened } from '../deployment/open.ts';
import { STATE } from '../deployment/place.ts';
import type { SourceOptions } from '../deployment/sources.ts';
import { going, type TaskLine } from './progress.ts';
import { table } from './table.ts';

export interface Wanted extends SourceOptions {
  readonly pipeline: string;
  readonly date?: string;
  readonly param?: Record<string, string>;
  readonly fromRaw?: true;
  readonly json?: true;
  readonly strict?: true;
}

export interface Outcome {
  readonly pipeline: string;
  readonly runId: string;
  readonly logicalDate: string;
  readonly status: 'success' | 'failed' | 'already run' | 'already running';
  readonly fromRaw?: true;
  readonly execution: string;
  readonly durationMs: number;
  readonly tasks: readonly TaskLine[];
  /** As it was asked for. */
  readonly wanted: Wanted;
  /** The tasks that nothing was begun of, by what their trigger rules and conditions made of them. */
  readonly notRun?: Readonly<Record<string, RecordedStatus>>;
  /** The tasks that failed in a run that succeeded: no leaf had to see it. */
  readonly failedTasks?: readonly string[];
  readonly error?: string;
  readonly cause?: string;
  /** The file of the mail about the failure, where it was written on this machine. */
  readonly mail?: string;
  readonly warnings?: readonly Warning[] | undefined;
  readonly result?: Rows;
}

const MARK = { success: '✓', skipped: '–', failed: '✗', retrying: '↻', waiting: '…' } as const;
const NAME_WIDTH = 38;
/** The status of an execution that was stopped, which gave no error of its own. */
const STOPPED = 'ABORTED';
const ERASE_LINE = '\r\u001b[K';

export function tellStart(pipeline: string, logicalDate: string): void {
  console.log(`${pipeline}, logical date ${logicalDate}`);
}

/**
 * The lines that are new, and the questions; on a terminal also, to be overwritten, the tasks that run and the sensors
 * that wait.
 */
export function tellTask(lines: readonly TaskLine[], questions: readonly string[], moment: Moment): void {
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(ERASE_LINE);
  for (const line of lines) console.log(taskLine(line));
  for (const question of questions) console.log(question);
  const tasks = going(moment);
  if (live && !moment.end && tasks.length > 0)
    process.stdout.write(`… ${tasks.join(', ')}`.slice(0, process.stdout.columns));
}

export function tellEnd(opened: Opened, outcome: Outcome): void {
  if (outcome.status === 'already run') console.log('\nAlready run: nothing was done.');
  if (outcome.status === 'already running')
    console.log(
      '\nAnother execution carries this run out at this moment: nothing was done. Its history tells how it goes.',
    );
  if (outcome.status === 'failed') tellFailure(opened, outcome);
  if (outcome.status === 'success') {
    const how = outcome.warnings ? ' with warnings' : '';
    console.log(`\nSucceeded${how} in ${seconds(outcome.durationMs)}${although(outcome)}.`);
    tellWarnings(outcome);
    tellNotRun(outcome);
    tellUnloaded(outcome);
  }
  if (outcome.fromRaw) console.log('It went from the raw files of that date: no source was asked.');
  if (outcome.result) console.log(`\n${table(outcome.result)}`);
  console.log(`\n${places(opened, outcome).join('\n')}`);
  if (outcome.status === 'success') console.log(`\n${next(opened, outcome)}`);
}

/** What a run that succeeded hides. */
export const although = ({ failedTasks = [] }: Pick<Outcome, 'failedTasks'>): string =>
  failedTasks.length > 0 ? `, although ${failedTasks.join(', ')} failed` : '';

function tellNotRun({ notRun = {} }: Outcome): void {
  const byStatus = Map.groupBy(Object.keys(notRun), (task) => notRun[task]);
  for (const [status, tasks] of byStatus)
    console.log(`Not run${status === 'not_run' ? '' : ` (${status})`}: ${tasks.join(', ')}`);
}

/** So many are written out. */
const WARNINGS = 20;

function tellWarnings({ warnings = [] }: Outcome): void {
  for (const one of warnings.slice(0, WARNINGS)) console.log(`  ${sentenceOf(one)}`);
  if (warnings.length > WARNINGS)
    console.log(`  and ${warnings.length - WARNINGS} more: the run record has them all (warnings)`);
}

function tellUnloaded({ tasks }: Outcome): void {
  const all = tasks.flatMap(({ unloaded = [] }) => unloaded);
  for (const { table: name, fields } of all) {
    console.log(`${fields} ${fields === 1 ? 'field' : 'fields'} of ${name} ${fields === 1 ? 'is' : 'are'} not loaded.`);
  }
  if (all.length > 0) console.log('Their names are in the manifests beside the raw files (unknownFields).');
}

function tellFailure(opened: Opened, outcome: Outcome): void {
  const { tasks, error, cause, durationMs } = outcome;
  console.log(`\n${error === STOPPED ? 'Stopped' : 'Failed'} after ${seconds(durationMs)}.`);
  const isFailure = (line: TaskLine) => line.state === 'failed' && !isTolerated(tasks, line);
  const failed = tasks.filter((task) => isFailure(task) && task.error !== undefined);
  for (const task of failed)
    console.log(`  ${indented(`${nameOf(task)}: ${task.error}: ${task.cause}`)}${logOf(opened, task)}`);
  for (const task of tasks)
    if (isFailure(task) && task.failed !== undefined)
      console.log(`  ${task.task}: ${task.failed} of its ${task.items} items failed`);
  if (failed.length === 0) console.log(`  ${error}${cause === undefined || cause === '' ? '' : `: ${cause}`}`);
  tellNotRun(outcome);
  if (error !== ERROR.noSnapshot) console.log(`When the cause is mended: ${command(opened, outcome)}`);
}

/** Whether a line is of an item by which its task did not fail. */
const isTolerated = (lines: readonly TaskLine[], { task, index }: TaskLine): boolean =>
  index !== undefined &&
  lines.some((line) => line.task === task && line.items !== undefined && line.state !== 'failed');

/** What starts the same run again. */
const command = ({ kind, deployment }: Opened, { pipeline, logicalDate, wanted }: Outcome): string =>
  [
    `npx sluice run ${pipeline} --date ${logicalDate}`,
    ...Object.entries(wanted.param ?? {}).map(([name, value]) => `--param ${name}=${value}`),
    ...(wanted.source === undefined ? [] : [`--source ${wanted.source}`]),
    ...(wanted.live ? ['--live'] : []),
    ...(wanted.fromRaw ? ['--from-raw'] : []),
    ...(wanted.strict ? ['--strict'] : []),
    ...(kind === 'aws' ? [`--stack ${deployment.name}`] : []),
  ].join(' ');

function logOf({ kind }: Opened, { functionName }: TaskLine): string {
  if (functionName === '') return '';
  return `\n  log: ${kind === 'aws' ? `CloudWatch log group /aws/lambda/${functionName}` : here(`logs/${functionName}.log`)}`;
}

/** What an extract gives, and a load: rows with or without the bytes that they had. */
const isExtract = ({ rows, bytes }: TaskLine): boolean => rows !== undefined && bytes !== undefined;
const isLoad = ({ rows, bytes }: TaskLine): boolean => rows !== undefined && bytes === undefined;

/** Where the run's traces lie. */
function places({ kind, deployment }: Opened, { pipeline, runId, execution, tasks, mail }: Outcome): string[] {
  const [record, raw] = [runRecordKey({ dagId: pipeline, runId }), layerPrefix('raw', pipeline)];
  const hasRaw = tasks.some(isExtract);
  const at = (key: string) => placeOf({ kind, deployment }, key);
  const history = kind === 'aws' ? execution : here(`executions/${execution.split(':').slice(-2).join('/')}.json`);
  return [
    ...tasks.flatMap(({ published }) => (published === undefined ? [] : [`Published   ${at(published)}`])),
    `History     ${history}`,
    `Run record  ${at(record)}`,
    ...(hasRaw ? [`Raw files   ${at(raw)}`] : []),
    ...(mail === undefined ? [] : [`Mail        ${here(mail)}`]),
  ];
}

/** Where an object of the lake lies: a file of the embedded AWS, or an object of S3. */
export const placeOf = ({ kind, deployment }: Pick<Opened, 'kind' | 'deployment'>, key: string): string =>
  kind === 'aws' ? deployment.store.url(key) : here(`s3/${deployment.platform.Bucket}/${key}`);

const here = (path: string): string => relative(process.cwd(), resolve(STATE, path));

function next({ kind, deployment }: Opened, { pipeline, tasks }: Outcome): string {
  const stack = kind === 'aws' ? ` --stack ${deployment.name}` : '';
  const tries = [
    ...(tasks.some(isLoad)
      ? [[`npx sluice query${stack} "select * from sluice.loads"`, 'what each load brought']]
      : []),
    [`npx sluice run ${pipeline}${stack}`, 'again: the tables come out the same'],
    ...(kind === 'aws' ? [] : [['npx sluice local', 'serve this AWS to the AWS CLI and SDKs']]),
  ] as const;
  const width = Math.max(...tries.map(([command]) => command.length));
  return ['Try next:', ...tries.map(([command, why]) => `  ${command.padEnd(width)}  ${why}`)].join('\n');
}

const nameOf = ({ task, index }: TaskLine): string => (index === undefined ? task : `${task} item ${index}`);

function taskLine(line: TaskLine): string {
  const figures = [
    line.looks === undefined ? `attempt ${line.attempt}` : `${line.looks} look${line.looks === 1 ? '' : 's'}`,
    line.items === undefined ? '' : `${line.items} item${line.items === 1 ? '' : 's'}`,
    line.failed === undefined ? '' : `${line.failed} failed`,
    line.rows === undefined ? '' : `${line.rows.toLocaleString('en')} rows`,
    line.bytes === undefined ? '' : bytes(line.bytes),
    line.quarantined ? `${line.quarantined.toLocaleString('en')} quarantined` : '',
    line.superseded ? 'a newer date is loaded: nothing changed' : '',
  ].filter(Boolean);
  const why = [line.error, line.cause].filter((text) => text !== undefined).join(': ');
  const head = `${MARK[line.state]} ${line.state.padEnd(8)} ${nameOf(line).padEnd(NAME_WIDTH)} ${seconds(line.durationMs).padStart(8)}`;
  return `${[head, ...figures].join('  ')}${why && `\n    ${indented(why)}`}`;
}

/** The lines of a cause, such as those of a script's stderr, below its first one. */
const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n    ');

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;

const UNITS = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const;

function bytes(count: number): string {
  const unit = UNITS.find(([size]) => count >= size);
  return unit ? `${(count / unit[0]).toFixed(1)} ${unit[1]}` : `${count} B`;
}

/** One run from its start to its closed record, told as it goes. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import type { Run, RunSources } from '#lib/contract/envelope.ts';
import { loadPipeline } from '#lib/pipelines/load.ts';
import type { Ended } from '#lib/runs/executions.ts';
import { failedTasksOf, isClosed, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { messageOf } from '#lib/runs/task-history.ts';
import { dateOfWord } from '#lib/time/date-word.ts';
import { DateError, lastCompleteRun, refuseOutside, refuseUnfinished, runOfDate } from '#lib/time/schedule.ts';
import { askDatabase, serveDatabases } from '../deployment/databases.ts';
import { type DeployedPipeline, type Deployment, pipelineOf } from '../deployment/deployment.ts';
import { follow, start } from '../deployment/execution.ts';
import { interruptible } from '../deployment/interrupt.ts';
import { mailAbout } from '../deployment/mail.ts';
import type { Opened } from '../deployment/open.ts';
import { query } from '../deployment/warehouse.ts';
import { UsageError } from '../errors.ts';
import { graphOfPipeline } from '../simulate/compiled.ts';
import { toJson } from '../terminal/json.ts';
import { progress, type TaskLine } from '../terminal/progress.ts';
import { questions } from '../terminal/questions.ts';
import { type Outcome, tellEnd, tellStart, tellTask, type Wanted } from '../terminal/report.ts';
import { readParams } from './params.ts';

/**
 * What is wrong with a wish that the code at hand already tells, so that nobody waits for it.
 * @throws UsageError
 */
export async function refuseEarly({ pipeline, date, param = {} }: Wanted): Promise<void> {
  const graph = await graphOfPipeline(pipeline);
  await readParams(pipeline, param);
  const of = { dagId: graph.id, ...graph };
  const tooEarly = refuseOutside(of, runOf(of, date).logicalDate);
  if (tooEarly !== undefined) throw new UsageError(`--date ${date}: ${tooEarly}`);
}

const POLL_MS = { embedded: 250, attached: 250, aws: 2000 } as const;

interface Begin {
  /** Where the run's connections lead, in place of where their secrets do. */
  readonly sources?: RunSources;
  /** Whether a run that is over is carried out again. */
  readonly again: boolean;
}

/**
 * Carries a run out, with the databases of this machine that its tasks work on.
 * @returns the exit status: 0 succeeded or already run, 1 failed; with `strict` also where a task of the run failed
 */
export async function carryOut(opened: Opened, wanted: Wanted, how: Begin): Promise<number> {
  const pipeline = pipelineOf(opened.deployment, wanted.pipeline);
  const close = await serveDatabases(opened, pipeline.databases);
  try {
    return await carryOutRun(opened, wanted, how);
  } finally {
    await close();
  }
}

async function carryOutRun(opened: Opened, wanted: Wanted, { sources = {}, again }: Begin): Promise<number> {
  const { pipeline, run, execution } = await begin(opened, wanted, { sources, again });
  const hasSources = Object.keys(sources).length > 0;
  const { tasks, end } = await interruptible(opened, { execution, hasSources }, (signal) =>
    watch(opened, { execution, signal, aloud: wanted.json !== true, reused: wanted.reused ?? [] }),
  );
  const record = await readClosedRecord(opened, { ...run, dagId: pipeline.dagId, execution });
  const outcome = await outcomeOf(opened, { execution, end, record });
  const told = {
    pipeline: pipeline.dagId,
    ...run,
    execution,
    tasks,
    ...notRunOf(record, { execution, tasks }),
    ...outcome,
    ...(await mailOf(opened, { execution, outcome })),
  };
  if (wanted.json) console.log(toJson(told));
  else tellEnd(opened, { ...told, wanted });
  return told.status === 'failed' || (wanted.strict && told.failedTasks) ? 1 : 0;
}

/** Starts the execution of a run, and waits for nothing. */
export async function begin(opened: Opened, wanted: Wanted, { sources = {}, again }: Begin) {
  const pipeline = pipelineOf(opened.deployment, wanted.pipeline);
  const params = await readParams(pipeline.dagId, wanted.param ?? {});
  const run = runOf(pipeline, wanted.date);
  if (!wanted.json) tellStart(pipeline.dagId, run.logicalDate);
  const input: ExecutionInput = {
    logicalDate: run.logicalDate,
    ...(again && { clear: wanted.clear ?? 'all' }),
    params,
    ...(wanted.fromRaw && { fromRaw: true }),
    ...(Object.keys(sources).length > 0 && { sources }),
  };
  return { pipeline, run, execution: await start(opened.deployment.aws, pipeline.stateMachine, input) };
}

type Identity = Pick<Run, 'runId' | 'logicalDate'>;

/**
 * The run of a date as typed at the keyboard; without one, and of `latest`, the last complete one.
 * @throws UsageError where the date names none
 */
export function runOf(
  pipeline: Pick<DeployedPipeline, 'dagId' | 'schedule' | 'timeZone'>,
  date: string | undefined,
): Identity {
  try {
    const now = new Date();
    const isLatest = date === undefined || date === 'latest';
    const run = isLatest
      ? lastCompleteRun(pipeline, now)
      : runOfDate(pipeline, dateOfWord(date, pipeline.timeZone, now));
    const unfinished = refuseUnfinished(pipeline.dagId, run, now);
    if (unfinished !== undefined) throw new UsageError(`--date ${date}: ${unfinished}`);
    return { runId: run.runId, logicalDate: run.logicalDate };
  } catch (error) {
    if (error instanceof DateError) throw new UsageError(`--date: ${error.message}`);
    throw error;
  }
}

interface Watched {
  readonly execution: string;
  readonly signal: AbortSignal;
  readonly aloud: boolean;
  readonly reused: readonly string[];
}

async function watch(opened: Opened, { execution, signal, aloud, reused }: Watched) {
  const { deployment, kind } = opened;
  const linesOf = progress();
  const questionsOf = questions(opened);
  const tasks: TaskLine[] = [];
  let end: Ended | undefined;
  for await (const moment of follow(deployment, execution, { pollMs: POLL_MS[kind], signal })) {
    const lines = linesOf(moment).map((line) =>
      reused.includes(line.task) ? { ...line, reused: true as const } : line,
    );
    const asked = questionsOf(moment);
    tasks.push(...lines);
    if (aloud) tellTask(lines, asked, moment);
    // Standard output is for the result, and without the answer none comes.
    else for (const question of asked) console.error(question);
    end = moment.end;
  }
  return { tasks, end: end as Ended };
}

const CLOSES_WITHIN_MS = 60_000;

/** The run's record once the end of the execution is known to it, or as it is where the run is another execution's. */
async function readClosedRecord({ deployment, kind }: Opened, run: Identity & { dagId: string; execution: string }) {
  for (const until = Date.now() + CLOSES_WITHIN_MS; Date.now() < until; ) {
    const record = (await readRecord(deployment.store, run))?.record;
    if (record?.execution !== run.execution || isClosed(record)) return record;
    await sleep(POLL_MS[kind]);
  }
  const { dagId, runId } = run;
  throw new Error(`The run ${dagId} ${runId} has ended, but its record is still open after a minute: ${run.execution}`);
}

const already = (record: RunRecord | undefined) =>
  record && !isClosed(record) ? ('already running' as const) : ('already run' as const);

async function outcomeOf(
  { deployment }: Opened,
  { execution, end, record }: { execution: string; end: Ended; record: RunRecord | undefined },
): Promise<
  Pick<Outcome, 'status' | 'fromRaw' | 'durationMs' | 'failedTasks' | 'error' | 'cause' | 'warnings' | 'result'>
> {
  const durationMs = Date.parse(end.stoppedAt) - Date.parse(end.startedAt);
  const { status, error = status, cause = '' } = end;
  const ended = { durationMs, ...(record?.fromRaw && { fromRaw: true as const }) };
  if (status !== 'SUCCEEDED') return { status: 'failed', ...ended, error, cause: messageOf(cause) };
  if (!record || record.execution !== execution) return { status: already(record), durationMs };
  const failedTasks = failedTasksOf(record);
  const { warnings } = record;
  const besides = { ...(failedTasks.length > 0 && { failedTasks }), ...(warnings && { warnings }) };
  return { status: 'success', ...ended, ...besides, ...(await resultOf(deployment, record)) };
}

/** Where the embedded AWS wrote that the run failed; on AWS, those who subscribed know. */
async function mailOf(
  { kind, deployment }: Opened,
  { execution, outcome }: { execution: string; outcome: { status: string } },
) {
  if (kind === 'aws' || outcome.status !== 'failed') return {};
  const mail = await mailAbout(execution, deployment.store);
  return mail === undefined ? {} : { mail };
}

function notRunOf(record: RunRecord | undefined, { execution, tasks }: Pick<Outcome, 'execution' | 'tasks'>) {
  if (record?.execution !== execution) return {};
  const begun = new Set(tasks.map(({ task }) => task));
  const idle = Object.entries(record.tasks ?? {}).filter(([task, status]) => status !== 'success' && !begun.has(task));
  return idle.length > 0 ? { notRun: Object.fromEntries(idle) } : {};
}

async function resultOf(deployment: Deployment, { dagId, logicalDate }: RunRecord) {
  const asked = (await loadPipeline(dagId))?.result?.(logicalDate);
  if (asked === undefined) return {};
  if (typeof asked === 'string') return { result: await query(deployment, asked) };
  return { result: await askDatabase(deployment, { ...asked, mayChange: false }) };
}

/** What the tasks of a run have come to: by its record where it is closed, by its history while it is open. */
import { type Ended, executionsOf } from '#lib/runs/executions.ts';
import { readHistory } from '#lib/runs/history.ts';
import { tasksWithResult } from '#lib/runs/ledger.ts';
import { readItems } from '#lib/runs/map-run.ts';
import { isClosed, type RecordedStatus, type RunRecord } from '#lib/runs/run-record.ts';
import { detailsOf, type TaskDetail } from '#lib/runs/task-detail.ts';
import { type HistoryEvent, leftStatesOf, mapRunsOf, statusesOf, type Try, triesOf } from '#lib/runs/task-history.ts';
import type { Deployment } from './deployment.ts';

/** Airflow's words. `queued`: it has not begun, and the run goes on. */
type TaskState = RecordedStatus | 'queued' | 'running' | 'up_for_retry';
/** `interrupted`: its execution has ended, and nobody has closed the record. */
type RunState = RunRecord['state'] | 'interrupted';

export interface RunTask extends Partial<TaskDetail> {
  readonly task: string;
  readonly state: TaskState;
}
export interface RunTasks {
  readonly state: RunState;
  readonly tasks: readonly RunTask[];
}

type At = Pick<Deployment, 'aws' | 'store'>;

export async function readRunTasks(at: At, record: RunRecord): Promise<RunTasks> {
  if (isClosed(record)) return { state: record.state, tasks: tasksOfRecord(record) };
  const { stepFunctions } = at.aws;
  const ended = await executionsOf(stepFunctions).ended(record.execution);
  if (ended === undefined) return { state: 'interrupted', tasks: await tasksOfLedger(at, record) };
  const events = await readHistory(stepFunctions, record.execution);
  const maps = await Promise.all(mapRunsOf(events).map((start) => readItems(stepFunctions, start)));
  const tries = triesOf(events);
  const details = detailsOf(tries, maps);
  const states = statesOf(events, { tries, ended });
  const tasks = record.taskIds.map((task) => ({ task, state: states(task), ...details[task] }));
  return { state: ended === 'running' ? record.state : 'interrupted', tasks };
}

const tasksOfRecord = ({ taskIds, tasks = {}, details = {} }: RunRecord): RunTask[] =>
  taskIds.map((task) => ({ task, state: tasks[task] ?? 'not_run', ...withCutOff(tasks[task], details[task]) }));

/** A task whose last attempt had not ended has no reason of its own. */
const withCutOff = (state: RecordedStatus | undefined, detail: TaskDetail | undefined) =>
  detail && state === 'failed' && detail.endedAt === undefined
    ? { reason: 'It had not ended when the run did.', ...detail }
    : detail;

const FORGOTTEN = 'Step Functions no longer knows the execution, and it left no result.';

async function tasksOfLedger({ store }: At, record: RunRecord): Promise<RunTask[]> {
  const results = await tasksWithResult(store, record, record.taskIds);
  return record.taskIds.map((task) =>
    results.has(task) ? { task, state: 'success' } : { task, state: 'failed', reason: FORGOTTEN },
  );
}

/** By task, of an execution that runs or was not closed. */
function statesOf(
  events: readonly HistoryEvent[],
  { tries, ended }: { readonly tries: readonly Try[]; readonly ended: Ended | 'running' },
): (task: string) => TaskState {
  const statuses = statusesOf(events);
  if (ended !== 'running') return (task) => statuses.get(task) ?? 'not_run';
  const left = new Set(leftStatesOf(events));
  const lastOf = (task: string) => tries.findLast((one) => one.task === task);
  return (task) => {
    const status = statuses.get(task);
    if (status === undefined) return 'queued';
    if (left.has(task)) return status;
    const last = lastOf(task);
    return last?.state === 'failed' && last.index === undefined ? 'up_for_retry' : 'running';
  };
}

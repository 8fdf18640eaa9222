/** What a task that is tested alone is invoked with. */
import type { Run, RunSources, TaskEvent, Waiting } from '#lib/contract/envelope.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { newestRunId } from '#lib/runs/run-list.ts';
import { type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { runOfDate } from '#lib/time/schedule.ts';
import { type Deployment, pipelineOf } from '../deployment/deployment.ts';
import { recordedOutputs } from '../deployment/recorded-outputs.ts';
import { callOf, tasksRead } from '../deployment/task-input.ts';
import { UsageError } from '../errors.ts';
import { runOf } from './carry-out.ts';
import { readParams } from './params.ts';

export interface WantedTest {
  readonly graph: Graph;
  readonly task: GraphTask;
  readonly sources: RunSources;
  /** Without one, that of the latest run. */
  readonly date?: string;
  readonly param?: Record<string, string>;
  readonly item?: number;
}

/** The event, and the logical date of the run whose outputs the task gets. */
export interface TestEvent {
  readonly event: TaskEvent;
  readonly upstreamOf: string | null;
}

/** @throws UsageError where a task that it reads has no output, or the wish names what is not there */
export async function eventOf(deployment: Deployment, wanted: WantedTest): Promise<TestEvent> {
  const { graph, task } = wanted;
  const { run, upstream } = await runOfTest(deployment, wanted);
  const read = tasksRead(task);
  if (!upstream && read.length > 0)
    throw new UsageError(
      `'${task.id}' reads ${read.join(', ')}, and ${graph.id} has not run yet: \`npx sluice run ${graph.id}\`.`,
    );
  const outputs = upstream ? await recordedOutputs(deployment, upstream, read) : {};
  const { input, ...item } = await callOf(task, { run, outputs }, wanted.item);
  const of = { id: task.id, attempt: 1, test: true as const, ...item, ...waitingOf(task) };
  return { event: { run, task: of, input }, upstreamOf: upstream?.logicalDate ?? null };
}

async function runOfTest(
  deployment: Deployment,
  { graph, date, param = {}, sources }: WantedTest,
): Promise<{ readonly run: Run; readonly upstream: RunRecord | undefined }> {
  const pipeline = pipelineOf(deployment, graph.id);
  const record = async (runId: string) => (await readRecord(deployment.store, { dagId: graph.id, runId }))?.record;
  const newest = await newestRunId(deployment.store, pipeline, new Date());
  const latest = newest === undefined ? undefined : await record(newest);
  const isLatest = date === undefined || date === 'latest';
  const identity = isLatest && latest ? identityOf(latest) : runOfDate(pipeline, runOf(pipeline, date).logicalDate);
  const own = await record(identity.runId);
  const run = {
    ...identity,
    dagId: graph.id,
    // Loads are told apart by it: what another test or a run has done does not count as this one's.
    runId: `${identity.runId}-test-${Date.now()}`,
    clearing: 1,
    execution: 'sluice test',
    params: { ...graph.params, ...own?.params, ...(await readParams(graph.id, param)) },
    ...(Object.keys(sources).length > 0 && { sources }),
  };
  return { run, upstream: own ?? latest };
}

const identityOf = ({ runId, logicalDate, dataInterval }: RunRecord) => ({ runId, logicalDate, dataInterval });

/** A sensor begins to look at this moment. */
function waitingOf({ sensor }: GraphTask): { readonly sensor?: Waiting } {
  if (!sensor) return {};
  const { timeoutSeconds, softFail } = sensor;
  return { sensor: { since: new Date().toISOString(), timeoutSeconds, softFail } };
}

/** Where everything lies in the data-lake bucket. Nothing else composes a key. */
import type { Run, TaskOfRun } from './envelope.ts';

type OfRun = Pick<Run, 'dagId' | 'runId'>;

export const runRecordKey = ({ dagId, runId }: OfRun): string => `runs/${dagId}/${runId}/run.json`;
export const runRecordPrefix = (dagId: string): string => `runs/${dagId}/`;

/** A task's results in one clearing of a run: one object, or one an item for a mapped task. */
export const ledgerPrefix = (run: OfRun & Pick<Run, 'clearing'>, taskId: string): string =>
  `runs/${run.dagId}/${run.runId}/${run.clearing}/${taskId}`;
export const ledgerKey = (run: OfRun & Pick<Run, 'clearing'>, { id, index }: TaskOfRun): string =>
  index === undefined ? `${ledgerPrefix(run, id)}.json` : `${ledgerPrefix(run, id)}/${index}.json`;

/** How far a task has come with a dataset, in one clearing of a run: written by attempts for those after them. */
export const progressKey = (run: OfRun & Pick<Run, 'clearing'>, { id, index }: TaskOfRun, dataset: string): string =>
  `${ledgerPrefix(run, id)}/${index === undefined ? '' : `${index}/`}progress/${dataset}.json`;

/** Who is active and who waits, for the whole DAG. */
export const slotsKey = (dagId: string): string => `slots/${dagId}.json`;

/** Which run an execution carries out, found from the execution's ARN alone. */
export const executionKey = (execution: string): string =>
  `executions/${execution.split(':').slice(-2).join('/')}.json`;

/** The mark that an execution's end was told to people. */
export const alertedKey = (execution: string): string => executionKey(execution).replace(/\.json$/, '/alerted.json');

export const LAYERS = ['raw', 'stage', 'quarantine'] as const;
export type Layer = (typeof LAYERS)[number];

/** The prefix of a dataset in one layer of the lake, for rights and listings. */
export const datasetPrefix = (layer: Layer, dagId: string, dataset: string): string => `${layer}/${dagId}/${dataset}/`;

/** Where one attempt writes, and nobody else. `attempt` is a UUID of the attempt's own. */
export const attemptPrefix = (layer: Layer, run: Run, { dataset, attempt }: { dataset: string; attempt: string }) =>
  `${datasetPrefix(layer, run.dagId, dataset)}dt=${run.logicalDate.slice(0, 10)}/run=${run.runId}/attempt=${attempt}/`;

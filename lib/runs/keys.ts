/** Where everything lies in the data-lake bucket. Nothing else composes a key. */
import { createHash } from 'node:crypto';
import { logicalDateOf } from '#lib/time/run-id.ts';
import type { Run, TaskOfRun } from '../contract/envelope.ts';

type OfRun = Pick<Run, 'dagId' | 'runId'>;

export const runRecordKey = ({ dagId, runId }: OfRun): string => `runs/${dagId}/${runId}/run.json`;
export const runRecordPrefix = (dagId: string): string => `runs/${dagId}/`;

const bare = (etag: string): string => etag.replaceAll('"', '');

/** Tells in its own name how the version of a run record that has the ETag ended, for whoever lists runs. */
export const closedKey = (run: OfRun, etag: string, facts: string): string =>
  `${runRecordPrefix(run.dagId)}${run.runId}/closed/${bare(etag)}/${facts}`;

const RUN_KEY = /^runs\/[^/]+\/(?<runId>[^/]+)\/(?:run\.json|closed\/(?<etag>[^/]+)\/(?<facts>[^/]+))$/;

/** Of a listed object under a pipeline's run records: its run, the version of the record, and of a `closedKey` its facts. */
export function runOfKey({ key, etag }: { readonly key: string; readonly etag: string }) {
  const { runId, etag: of = bare(etag), facts } = RUN_KEY.exec(key)?.groups ?? {};
  return runId === undefined ? undefined : { runId, version: of, facts };
}

/** Of the folders under a pipeline's run records: the ids of its runs. */
export const runIdsIn = (folders: readonly string[]): string[] =>
  folders.map((folder) => folder.split('/').at(-2) ?? '');

/** Where the state of runs lies: what begin and end read and write. */
export const STATE_PREFIXES = ['runs/', 'slots/', 'executions/', 'ledger/'] as const;

/** Every result of every task. */
export const LEDGERS_PREFIX = 'ledger/';

/** Every result of a pipeline's tasks; the folders under it are its runs. */
export const ledgerOf = (dagId: string): string => `${LEDGERS_PREFIX}${dagId}/`;

/** Of the folders of a pipeline's ledger: the runs before another one by their logical dates, from the last one back. */
export const runsBefore = ({ dagId, runId }: OfRun, folders: readonly string[]) =>
  runIdsIn(folders)
    .filter((id) => id < runId)
    .sort()
    .reverse()
    .map((id) => ({ dagId, runId: id, logicalDate: logicalDateOf(id) }));

/** Every result of a run's tasks; the folders under it are its clearings. */
export const ledgerOfRun = ({ dagId, runId }: OfRun): string => `${ledgerOf(dagId)}${runId}/`;

/** Of the folders of a run's ledger: the number of its last clearing; 0 where there is none. */
export const lastClearingOf = (folders: readonly string[]): number =>
  Math.max(0, ...folders.map((folder) => Number(folder.split('/').at(-2))));

/**
 * A task's results in one clearing of a run: one object, or one an item for a mapped task. An item's key is the same
 * wherever it stands in the list; its place tells it from items that are equal, and gives the order of the outputs.
 */
export const ledgerPrefix = (run: OfRun & Pick<Run, 'clearing'>, taskId: string): string =>
  `${ledgerOfRun(run)}${run.clearing}/${taskId}`;
export const ledgerKey = (run: OfRun & Pick<Run, 'clearing'>, { id, index, item }: TaskOfRun): string =>
  index === undefined ? `${ledgerPrefix(run, id)}.json` : `${itemPrefix(run, { id, item })}${index}.json`;

/** The results of all items of a mapped task that are equal to this one. */
export const itemPrefix = (run: OfRun & Pick<Run, 'clearing'>, { id, item }: Pick<TaskOfRun, 'id' | 'item'>): string =>
  `${ledgerPrefix(run, id)}/${itemKey(item)}-`;

const itemKey = (item: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(item)) ?? '')
    .digest('hex')
    .slice(0, 32);

/** The same value, whose fields are in the order of their names. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, inOrder(field)]));
}

/** Of the keys under a mapped task's ledger, in one clearing: its items' results, in the order of the items. */
export function itemKeysIn(run: OfRun & Pick<Run, 'clearing'>, taskId: string, keys: readonly string[]): string[] {
  const prefix = `${ledgerPrefix(run, taskId)}/`;
  const place = (key: string) => Number(/^[0-9a-f]{32}-(\d+)\.json$/.exec(key.slice(prefix.length))?.[1] ?? Number.NaN);
  const items = keys.filter((key) => key.startsWith(prefix) && !Number.isNaN(place(key)));
  return items.sort((one, other) => place(one) - place(other));
}

/** When a rate limit ends that a run met, by connection. No task is called `@limits`. */
export const limitKey = (run: OfRun & Pick<Run, 'clearing'>, connection: string): string =>
  `${ledgerPrefix(run, '@limits')}/${connection}.json`;

/** What a clearing of a run warns of. No task is called `@warnings`. */
export const warningsPrefix = (run: OfRun & Pick<Run, 'clearing'>): string => `${ledgerPrefix(run, '@warnings')}/`;
const warningsOfTask = (run: OfRun & Pick<Run, 'clearing'>, taskId: string): string =>
  `${warningsPrefix(run)}${taskId}/`;
export const warningKey = (run: OfRun & Pick<Run, 'clearing'>, { id, index }: TaskOfRun, dataset: string): string =>
  `${warningsOfTask(run, id)}${index === undefined ? '' : `${index}/`}${dataset}.json`;

/** How far a task has come with a dataset of the lake, in one clearing of a run: written by attempts for those after them. */
export const progressKey = (run: OfRun & Pick<Run, 'clearing'>, { id, index }: TaskOfRun, dataset: string): string =>
  `${ledgerPrefix(run, id)}/${index === undefined ? '' : `${index}/`}progress/raw/${dataset}.json`;

/** Who is active and who waits, for the whole DAG. */
export const slotsKey = (dagId: string): string => `slots/${dagId}.json`;

/** Where pauses lie: what begin reads, and people change. */
export const PAUSES_PREFIX = 'paused/';

/** When the schedule of a pipeline did not count. */
export const pausesKey = (dagId: string): string => `${PAUSES_PREFIX}${dagId}.json`;

/** Every lock of a connection's token. */
export const tokenLockPrefix = (connection: string): string => `locks/${connection}/`;
/** Who may refresh the token in a secret: a run's connection may have a secret of its own. */
export const tokenLockKey = ({
  connection,
  secret,
}: {
  readonly connection: string;
  readonly secret: string;
}): string => `${tokenLockPrefix(connection)}${encodeURIComponent(secret)}.json`;

const executionPrefix = (execution: string): string => `executions/${execution.split(':').slice(-2).join('/')}`;

/** Which run an execution carries out, found from the execution's ARN alone. */
export const executionKey = (execution: string): string => `${executionPrefix(execution)}.json`;

/** The mark that people were mailed about an execution's end. */
export const alertedKey = (execution: string): string => `${executionPrefix(execution)}/alerted.json`;

export const LAYERS = ['raw', 'stage', 'quarantine'] as const;
export type Layer = (typeof LAYERS)[number];

/** The prefix of all that a pipeline has in one layer of the lake. */
export const layerPrefix = (layer: Layer, dagId: string): string => `${layer}/${dagId}/`;

/** The prefix of a dataset in one layer of the lake, for rights and listings. */
export const datasetPrefix = (layer: Layer, dagId: string, dataset: string): string =>
  `${layerPrefix(layer, dagId)}${dataset}/`;

/** What an attempt is of: a dataset, or the part of it that one source gives (`of`: a repository). */
export interface PartOfDataset {
  readonly dataset: string;
  readonly of?: string | undefined;
}

/** The prefix of all attempts of a run at a dataset, or at a part of it. */
export const attemptsPrefix = (layer: Layer, run: Pick<Run, 'dagId' | 'runId' | 'logicalDate'>, part: PartOfDataset) =>
  `${datasetPrefix(layer, run.dagId, part.dataset)}dt=${run.logicalDate.slice(0, 10)}/run=${run.runId}/` +
  `${part.of === undefined ? '' : `of=${encodeURIComponent(part.of)}/`}`;

/** Where one attempt writes, and nobody else. `attempt` is an id of the attempt's own. */
export const attemptPrefix = (layer: Layer, run: Run, { attempt, ...part }: PartOfDataset & { attempt: string }) =>
  `${attemptsPrefix(layer, run, part)}attempt=${attempt}/`;

/** Under an attempt's prefix: where its rows of one table lie. */
export const tablePrefix = (attempt: string, table: string): string => `${attempt}${table}/`;

/** The object of gzipped NDJSON with a number, from 0, under the prefix of a list of them. */
export const partKey = (prefix: string, number: number): string =>
  `${prefix}part-${String(number).padStart(5, '0')}.ndjson.gz`;

const MANIFEST = 'manifest.json';

/** Under an attempt's prefix of the layer raw: written last, and what makes its files whole. */
export const manifestKey = (attempt: string): string => `${attempt}${MANIFEST}`;

/** A list of the files that COPY reads. `prefix` is what a load's copy of some files may write under. */
export const copyListKey = (prefix: string): string => `${prefix}.manifest`;

/** Of the keys under attempts' prefixes of the layer raw: the manifest of the attempt that began last of all that were whole. */
export const newestManifest = (keys: readonly string[]): string | undefined =>
  keys
    .filter((key) => key.endsWith(`/${MANIFEST}`))
    .sort()
    .at(-1);

/** The prefix of what a pipeline publishes for people. */
export const publishedPrefix = (dagId: string): string => `published/${dagId}/`;

/** A published file at the key that stays the same from run to run. */
export const publishedKey = (dagId: string, name: string): string => `${publishedPrefix(dagId)}${name}`;

/** The copy of a published file that a run of another date leaves alone. */
export const datedKey = ({ dagId, logicalDate }: Pick<Run, 'dagId' | 'logicalDate'>, name: string): string =>
  `${publishedPrefix(dagId)}dt=${logicalDate.slice(0, 10)}/${name}`;

/** The name of a pipeline's report among what it publishes. */
export const REPORT = 'report.html';

const ATTEMPT_KEY =
  /^[^/]+\/(?<dagId>[^/]+)\/(?<dataset>[^/]+)\/dt=[^/]+\/run=(?<runId>[^/]+)\/of=(?<of>[^/]+)\/attempt=/;

/** What a key under an attempt's prefix says of the run and of what the attempt is of; undefined of another key. */
export function attemptOfKey(key: string) {
  const { dagId = '', dataset = '', runId = '', of } = ATTEMPT_KEY.exec(key)?.groups ?? {};
  if (of === undefined) return undefined;
  return { dagId, dataset, runId, logicalDate: logicalDateOf(runId), of: decodeURIComponent(of) };
}

/** The mail about a run that succeeded with warnings. */
import { type Mail, subjectOf } from '#lambdas/runtime/mail.ts';
import { type RunRecord, readRecord, runIdsOf } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { isFailedItem, sentenceOf, type Warning } from '#lib/runs/warnings.ts';
import { again, consoleOf } from './alert.ts';

/** So many warnings are written out, for SNS takes no message of more than 256 KiB. */
const SHOWN = 50;

/** Undefined where the run before warned of the same: what lasts is mailed once. */
export async function mailOfWarnings(
  store: Store,
  record: RunRecord,
  stack: string | undefined,
): Promise<Mail | undefined> {
  const { dagId, logicalDate, endedAt, execution, warnings = [] } = record;
  const before = new Set((await warningsBefore(store, record)).map(identityOf));
  const added = warnings.filter((one) => !before.has(identityOf(one)));
  if (added.length === 0) return undefined;
  const more = added.length - SHOWN;
  return {
    subject: subjectOf(`Sluice: ${dagId} ${logicalDate} succeeded with warnings`),
    message: [
      `The run ${dagId} ${logicalDate} succeeded with ${warnings.length} warnings at ${endedAt}. The run before did not ` +
        `have ${added.length} of them:`,
      ...added.slice(0, SHOWN).map((one) => `- ${sentenceOf(one)}`),
      ...(more > 0 ? [`- and ${more} more: the run record has them all`] : []),
      '',
      ...(added.every(isFailedItem) ? [] : [OF_SKIPS]),
      ...(added.some(isFailedItem) ? [ofFailures(record, stack, added)] : []),
      '',
      consoleOf(execution, stack),
    ].join('\n'),
  };
}

const OF_SKIPS =
  'The tables keep the rows of what is skipped, unless it is gone for good (410). There is no further mail while ' +
  'this stays so. Where it is to stay so, leave it out of what the pipeline reads.';

function ofFailures(record: RunRecord, stack: string | undefined, warnings: readonly Warning[]): string {
  const tasks = [...new Set(warnings.filter(isFailedItem).map(({ task }) => task))];
  return `What reads the outputs of a task goes on without those of items that failed. ${again(record, stack, tasks)}`;
}

const identityOf = (one: Warning) =>
  JSON.stringify(isFailedItem(one) ? [one.task, one.index, one.error, one.cause] : [one.dataset, one.of, one.status]);

/** Runs that are looked through for one that succeeded. */
const MOST_RUNS = 30;

/** Of the last run before that succeeded, by its logical date: one that failed may not have come as far. */
async function warningsBefore(store: Store, { dagId, runId }: RunRecord): Promise<readonly Warning[]> {
  const before = (await runIdsOf(store, dagId)).filter((id) => id < runId).slice(-MOST_RUNS);
  for (const id of before.reverse()) {
    const record = (await readRecord(store, { dagId, runId: id }))?.record;
    if (record?.state === 'success') return record.warnings ?? [];
  }
  return [];
}

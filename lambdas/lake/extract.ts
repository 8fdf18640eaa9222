import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Again, ChangedMeanwhile, ListAbsent, NotThere, Transient } from '#lib/contract/errors.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Page } from '#lib/runs/manifest.ts';
import { openProgress, type Unfinished } from '#lib/runs/progress.ts';
import { writeWarning } from '#lib/runs/warnings.ts';
import { type LakeAttempt, openAttempt, partOf, type To } from './attempt.ts';
import type { Records } from './formats/format.ts';
import { isReadAs, type KnownPage, knownPages } from './known-pages.ts';
import { earlierAttempt, lastKnown } from './raw.ts';
import { rawRecords } from './raw-records.ts';

/** An answer of the source: its records, each with its own bytes, and where its list goes on. */
export type RecordPage = Omit<Page, 'rows'> & { readonly records: Records; readonly next?: string };

/** What is known of a list when it is asked for. */
interface Beforehand {
  /** The `next` of a page that another attempt of the task had: the list goes on there. Without it, from its beginning. */
  readonly from?: string | undefined;
  /** Pages as the run before had them, by URL: of one that has not changed the records are taken from here. */
  readonly known?: ((url: string) => KnownPage | undefined) | undefined;
}

/** Left at the end of a function's time: as long as one page may take, limits and repeated requests included. */
const RESERVE_MS = 180_000;

/**
 * Takes a list, page after page, into a dataset: one attempt with a manifest of its own. Where the function's time ends,
 * a limit must be waited for outside of it, or the source fails, what is finished is kept: the task's next attempt goes
 * on after the last finished page, or begins anew where the source does not know that place any more. A run that goes
 * from raw takes the records that the list gave to an earlier attempt of the run, and
 * asks for no page. A list that its source has not (`ListAbsent`) is skipped: unless it is gone for good, the dataset
 * gets what this run and those before it had of it, so that no load takes its rows out. The run warns of it.
 *
 * @param to the dataset with the table that its rows must meet; `of` names what of the dataset the list
 *   gives, where other lists give the rest (a repository): by it the list's raw is found again. Without it, the task.
 *   `since` where the list is asked only for what changed since then: its manifest says so. `format` where its records
 *   are no JSON: its raw says so.
 * @param pagesOf the list
 * @throws Again where it stopped midway
 * @throws NoSnapshot where a run goes from raw and there is none of the list
 */
export async function extract(
  context: TaskContext,
  to: To,
  pagesOf: (beforehand: Beforehand) => AsyncIterable<RecordPage>,
): Promise<Extracted> {
  const extracted = await (context.run.fromRaw ? fromRaw(context, to) : fromSource(context, to, pagesOf));
  if (extracted.skipped) await writeWarning(context, { ...partOf(context, to), ...extracted.skipped });
  return extracted;
}

async function fromRaw(context: TaskContext, to: To): Promise<Extracted> {
  const attempt = await openAttempt(context, to);
  const earlier = await earlierAttempt(context, attempt.part);
  await attempt.addAgain(earlier, (parts) => rawRecords(context, parts));
  return attempt.close();
}

async function fromSource(
  context: TaskContext,
  to: To,
  pagesOf: (beforehand: Beforehand) => AsyncIterable<RecordPage>,
): Promise<Extracted> {
  const { found: kept, keep } = await openProgress(context, to.dataset);
  if (kept && 'extracted' in kept) return kept.extracted;
  const found = kept && isReadAs(kept.unfinished.manifest, to.format) ? kept : undefined;

  const take = async (beforehand: Beforehand, before?: Unfinished) => {
    const attempt = await openAttempt(context, to, before);
    const stopped = async (next: string) => keep({ unfinished: await attempt.stop(), next });
    await addAll(attempt, pagesOf(beforehand), { remaining: context.remaining, stopped });
    return attempt.close();
  };

  const known = await knownPages(context, partOf(context, to), to.format);
  const beginAnew = (error: unknown) => {
    const isLost = error instanceof NotThere && (found || known);
    if (!isLost && !(error instanceof ChangedMeanwhile)) throw error;
    context.log.warn('the list does not go on as it did: it begins anew', error);
    return take({});
  };
  try {
    const beforehand = { from: found?.next, known: known?.page };
    const extracted = await take(beforehand, found?.unfinished)
      .catch(beginAnew)
      .catch((error) => skip(context, to, error));
    await keep({ extracted });
    return extracted;
  } finally {
    await known?.close();
  }
}

/** @throws all that is no ListAbsent */
async function skip(context: TaskContext, to: To, error: unknown): Promise<Extracted> {
  if (!(error instanceof ListAbsent)) throw error;
  const { absence, isForGood } = error;
  const attempt = await openAttempt(context, to);
  // Where only changes are asked for, nothing is taken out.
  const isKept = !isForGood && to.since === undefined;
  for (const { pages, raw } of isKept ? await lastKnown(context, attempt.part) : [])
    await attempt.addAgain({ pages, raw }, (parts) => rawRecords(context, parts));
  attempt.skip(absence);
  context.log.warn('the source has not the list: it is skipped', { of: attempt.part.of, ...absence, isKept });
  return attempt.close();
}

interface Course {
  readonly remaining: () => number;
  /** The list stopped after a page: where it goes on. */
  readonly stopped: (next: string) => Promise<void>;
}

async function addAll(attempt: LakeAttempt, pages: AsyncIterable<RecordPage>, { remaining, stopped }: Course) {
  let last: string | undefined;
  let isMidway = false;
  try {
    for await (const { records, next, ...page } of pages) {
      isMidway = true;
      await attempt.add(page, records);
      isMidway = false;
      last = next;
      if (next !== undefined && remaining() < RESERVE_MS) {
        throw new Again(
          `Extracting ${attempt.part.dataset}: the function's time ends; the next attempt goes on at ${next}.`,
        );
      }
    }
  } catch (error) {
    // What was added of a page that is not whole cannot be taken back: nothing is kept then.
    const isOfSource = !isMidway && (error instanceof Again || error instanceof Transient);
    if (isOfSource && last !== undefined) await stopped(last);
    throw error;
  }
}

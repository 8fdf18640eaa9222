/** The files of one attempt of an extract: raw, stage and quarantine, then the manifest that makes them count. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { declaredTable } from '#lambdas/runtime/pipeline-file.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Absence, Extracted } from '#lib/contract/extracted.ts';
import { type Dataset, tableOf } from '#lib/contract/fields.ts';
import type { TableDeclaration } from '#lib/contract/table.ts';
import { attemptPrefix, type Layer, manifestKey, type PartOfDataset, tablePrefix } from '#lib/runs/keys.ts';
import {
  type Manifest,
  type Page,
  type RawPart,
  type RecordFormat,
  sumOfCounts,
  writeManifest,
} from '#lib/runs/manifest.ts';
import type { Unfinished } from '#lib/runs/progress.ts';
import { mergedColumns } from './evolution.ts';
import type { Records } from './formats/format.ts';
import { numbered, recordNumber } from './numbered.ts';
import { rejectedLine } from './quarantine.ts';
import { rawLine } from './raw-line.ts';
import { type ReadRecord, readerOf } from './read-record.ts';
import type { Rejection } from './row-shape.ts';
import { type Staged, Staging } from './staging.ts';
import { NdjsonGzipWriter } from './writers/ndjson-gzip.ts';
import type { Put, RecordWriter } from './writers/writer.ts';

/** Where a list goes: `raw(name, { table })`, which part of the dataset it is, and how its records are read. */
export type To = Dataset & {
  readonly of?: string | undefined;
  readonly since?: string | undefined;
  readonly format?: RecordFormat | undefined;
};

/** Where an attempt's files go and what its rows must meet. */
export interface Target extends PartOfDataset {
  readonly table: TableDeclaration;
  readonly put: Put;
  /** Of what changed since then the rows are; absent, of all that the source has. */
  readonly since?: string | undefined;
  /** Of its records. Without it, they are JSON. */
  readonly format?: RecordFormat | undefined;
  readonly context: Pick<TaskContext, 'run' | 'task' | 'store' | 'log'>;
}

/**
 * An attempt that writes to a dataset.
 * @param to the dataset with the table that its rows must meet, as the task's input has it; `of` names what of
 *   the dataset the attempt holds, where others hold the rest. Without it, that is what its task (or item) does. `since` where
 *   the source is asked only for what changed since then. `format` where records are no JSON.
 * @param before what an earlier attempt finished, to go on from
 */
export async function openAttempt(context: TaskContext, to: To, before?: Unfinished): Promise<LakeAttempt> {
  const { s3, environment } = context;
  const part = partOf(context, to);
  const table = await declaredTable(environment, tableOf(to));
  const put: Put = (key, body) =>
    s3.send(
      new PutObjectCommand({
        Bucket: environment.SLUICE_BUCKET,
        Key: key,
        Body: body,
        ContentType: 'application/gzip',
      }),
    );
  return new LakeAttempt({ ...part, since: to.since, format: to.format, table, put, context }, before);
}

/**
 * What an attempt of a task at a dataset is of.
 * @throws Terminal where the dataset is none that an extract writes to
 */
export function partOf({ task }: Pick<TaskContext, 'task'>, to: To): PartOfDataset & { readonly of: string } {
  if (to.kind === 'lake') {
    return { dataset: to.dataset, of: to.of ?? (task.index === undefined ? task.id : `${task.id}[${task.index}]`) };
  }
  throw new Terminal(`Opening '${to.dataset}': an extract writes to raw(name, { table }), and not to a table.`);
}

/** Takes an extract's pages in order; memory stays bounded whatever their number. */
export class LakeAttempt {
  readonly #target: Target;
  readonly #id = timeOrderedId();
  readonly #staging: Staging;
  readonly #raw: RecordWriter;
  readonly #rows: RecordWriter;
  readonly #children: readonly RecordWriter[];
  readonly #quarantine: RecordWriter;
  readonly #pages: Page[];
  readonly #before: Manifest | undefined;
  /** Raw of an earlier attempt that this one takes. */
  readonly #taken: RawPart[] = [];
  /** Of the source's records. */
  readonly #read: ReadRecord;
  #records: number;
  #since: string | undefined;
  #skipped: Absence | undefined;
  #first: Rejection | undefined;

  constructor(target: Target, unfinished?: Unfinished) {
    const { table, put } = target;
    const before = unfinished?.manifest;
    this.#target = target;
    this.#before = before;
    this.#first = unfinished?.first;
    this.#since = target.since;
    this.#pages = [...(before?.pages ?? [])];
    this.#records = before?.counts.extracted ?? 0;
    this.#staging = new Staging(table);
    this.#read = readerOf(target.format);
    const rows = ({ name }: { name: string }) =>
      new NdjsonGzipWriter(tablePrefix(this.#prefix('stage'), name), put, before?.stage[name]?.parts);
    this.#raw = new NdjsonGzipWriter(this.#prefix('raw'), put, before?.raw);
    this.#rows = rows(table);
    this.#children = table.children.map(rows);
    this.#quarantine = new NdjsonGzipWriter(this.#prefix('quarantine'), put, before?.quarantine);
  }

  /**
   * Adds an answer of the source, with its records.
   * @throws Terminal in a run that goes from raw
   */
  async add(page: Omit<Page, 'rows'>, records: Records): Promise<void> {
    const { run, task } = this.#target.context;
    if (run.fromRaw) {
      throw new Terminal(
        `Task '${task.id}' asked its source for ${page.url}, but this run goes from raw: its type cannot. ` +
          'Run it without --from-raw, or let its handler take its pages through `extract` (lambdas/lake/extract.ts).',
      );
    }
    const before = this.#records;
    for await (const record of records) {
      const full = this.#raw.add(rawLine(record));
      if (full) await full;
      const staged = this.#stage(record, this.#read);
      if (staged) await staged;
    }
    this.#pages.push({ ...page, rows: this.#records - before });
  }

  /**
   * Adds what an earlier attempt kept: its raw is this one's too, and its records are staged as the code has it now.
   * @param recordsOf the records of some of its parts
   */
  async addAgain(
    { pages, raw, since, skipped }: Pick<Manifest, 'pages' | 'raw' | 'since' | 'skipped'>,
    recordsOf: (parts: readonly RawPart[]) => Records,
  ): Promise<void> {
    for (const part of raw) {
      const read = readerOf(part.format);
      for await (const record of recordsOf([part])) await this.#stage(record, read);
    }
    this.#since = since;
    this.#skipped = skipped;
    this.#pages.push(...pages);
    this.#taken.push(...raw);
  }

  /** The source has not the list: what was added is of earlier runs. */
  skip(absence: Absence): void {
    this.#skipped = absence;
  }

  /** What the attempt is of. */
  get part(): PartOfDataset {
    return { dataset: this.#target.dataset, of: this.#target.of };
  }

  /**
   * Ends the attempt. The manifest is the last thing that is written: from there on its files are whole.
   * @throws Terminal where more records were quarantined than the table allows. The manifest stays, so that the raw and
   *   what was quarantined are found again; no load takes it, since the task gives no output.
   */
  async close(): Promise<Extracted> {
    const manifest = await this.#manifest();
    const { extracted, staged, quarantined } = manifest.counts;
    if (extracted !== staged + quarantined) {
      throw new Terminal(
        `Reconciling ${this.#target.dataset}: ${extracted} records were extracted, but ${staged} staged and ` +
          `${quarantined} quarantined. Nothing counts of this attempt; this is a defect of the lake.`,
      );
    }
    const key = manifestKey(this.#prefix('raw'));
    await writeManifest(this.#target.context.store, key, manifest);
    this.#checkQuarantine(manifest);
    const bytes = sum(manifest.raw, ({ rawBytes }) => rawBytes);
    // By their numbers: as keys of a log entry, names from records might mean something to the logger.
    const [unknownFields, collisions] = [manifest.unknownFields, manifest.collisions].map(
      (by) => Object.keys(by).length,
    );
    const fields = { foundColumns: manifest.foundColumns, unknownFields, collisions };
    this.#target.context.log.info('extracted', { manifest: key, ...manifest.counts, bytes, ...fields });
    const { skipped } = manifest;
    return { manifest: key, rows: extracted, bytes, quarantined, ...(skipped && { skipped }) };
  }

  /** Ends the attempt midway: stores what is left of its files, for the next one to go on from. */
  async stop(): Promise<Unfinished> {
    return { manifest: await this.#manifest(), ...(this.#first && { first: this.#first }) };
  }

  async #manifest(): Promise<Manifest> {
    const { dataset, table, context } = this.#target;
    const [raw, rows, quarantine, ...children] = await Promise.all(
      [this.#raw, this.#rows, this.#quarantine, ...this.#children].map((writer) => writer.close()),
    );
    const names = [table.name, ...table.children.map(({ name }) => name)];
    const staged = [rows, ...children].map((parts = []) => ({ parts, rows: sum(parts, (part) => part.rows) }));
    return {
      dataset,
      table: table.name,
      run: context.run.runId,
      logicalDate: context.run.logicalDate,
      clearing: context.run.clearing,
      task: context.task,
      ...(this.#since !== undefined && { since: this.#since }),
      ...(this.#skipped && { skipped: this.#skipped }),
      pages: this.#pages,
      raw: [...this.#taken, ...this.#withFormat(raw ?? [])],
      stage: Object.fromEntries(names.map((name, place) => [name, staged[place] ?? { parts: [], rows: 0 }])),
      quarantine: quarantine ?? [],
      counts: {
        extracted: sum(this.#pages, (page) => page.rows),
        staged: staged[0]?.rows ?? 0,
        quarantined: sum(quarantine ?? [], (part) => part.rows),
      },
      foundColumns: mergedColumns([this.#before?.foundColumns ?? [], this.#staging.foundColumns()]),
      unknownFields: sumOfCounts(this.#before?.unknownFields ?? {}, this.#staging.unknownFields()),
      collisions: sumOfCounts(this.#before?.collisions ?? {}, this.#staging.collisions()),
    };
  }

  /** Parts of before have their own. */
  #withFormat(raw: readonly RawPart[]): RawPart[] {
    const { format } = this.#target;
    const before = this.#before?.raw.length ?? 0;
    return raw.map((part, place) => (format && place >= before ? { ...part, format } : part));
  }

  #checkQuarantine({ counts, quarantine }: Manifest): void {
    const { maxQuarantined, name } = this.#target.table;
    const { dagId, logicalDate } = this.#target.context.run;
    if (counts.quarantined <= maxQuarantined) return;
    const { column, reason } = this.#first ?? { reason: 'unknown' };
    throw new Terminal(
      `${counts.quarantined} of ${counts.extracted} records do not meet the declaration of ${name}, which allows ` +
        `${maxQuarantined}. The first: ${column === undefined ? '' : `${column}: `}${reason}. All of them, with their ` +
        `reasons: ${quarantine[0]?.key}. Correct the declaration in tables.ts, or raise its maxQuarantined; ` +
        `then take the same records again: sluice quarantine replay ${dagId} --date ${logicalDate}`,
    );
  }

  /** What this gives must be awaited before the next record. For most there is nothing, since a promise each is dear. */
  #stage(record: Uint8Array, read: ReadRecord): Promise<void> | undefined {
    this.#records++;
    const staged = this.#staging.stage(record, read);
    if (!('row' in staged)) return this.#reject(record, staged);
    const number = recordNumber(this.#target.context.task, this.#records);
    const full = this.#rows.add(numbered(staged.row, number));
    return staged.children.length === 0 ? full : this.#keepChildren(staged.children, number, full);
  }

  async #keepChildren(children: Staged['children'], record: number, before: Promise<void> | undefined): Promise<void> {
    await before;
    for (const [place, rows] of children.entries()) {
      for (const line of rows) await this.#children[place]?.add(numbered(line, record));
    }
  }

  async #reject(record: Uint8Array, rejection: Rejection): Promise<void> {
    this.#first ??= rejection;
    await this.#quarantine.add(rejectedLine(record, rejection));
  }

  #prefix(layer: Layer): string {
    return attemptPrefix(layer, this.#target.context.run, { ...this.part, attempt: this.#id });
  }
}

/** A UUID of version 7: of two attempts, the one that began later has the greater id. */
function timeOrderedId(): string {
  const ms = Date.now().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, item) => all + of(item), 0);

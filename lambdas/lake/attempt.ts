/** The files of one attempt of an extract: raw, stage and quarantine, then the manifest that makes them count. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Terminal } from '#lambdas/runtime/errors.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { declaredTable } from '#lambdas/runtime/pipeline-file.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import { attemptPrefix, type Layer } from '#lib/contract/keys.ts';
import type { TableDeclaration } from '#lib/contract/table.ts';
import type { Dataset } from '#lib/contract/task-type.ts';
import type { Manifest, Page } from './manifest.ts';
import { numbered } from './numbered.ts';
import { PartWriter, type Put } from './part-writer.ts';
import type { Rejection } from './row-shape.ts';
import { type Staged, Staging } from './staging.ts';

/** Where an attempt's files go and what its rows must meet. */
export interface Target {
  readonly dataset: string;
  readonly table: TableDeclaration;
  readonly put: Put;
  readonly context: Pick<TaskContext, 'run' | 'task' | 'store' | 'log'>;
}

/**
 * An attempt that writes to a dataset.
 * @param to `raw/<name>` with the table that the dataset's rows must meet, as the task's input has it
 */
export async function openAttempt(context: TaskContext, to: Dataset): Promise<LakeAttempt> {
  const { s3, environment } = context;
  const dataset = /^raw\/([^/]+)$/.exec(to.dataset)?.[1];
  if (!dataset || !to.table) {
    throw new Terminal(
      `Opening the dataset '${to.dataset}' of table '${to.table ?? ''}': an extract writes to raw/<name>, with a table.`,
    );
  }
  const put: Put = (key, body) =>
    s3.send(
      new PutObjectCommand({
        Bucket: environment.SLUICE_BUCKET,
        Key: key,
        Body: body,
        ContentType: 'application/gzip',
      }),
    );
  return new LakeAttempt({ dataset, table: await declaredTable(environment, to.table), put, context });
}

/** Takes an extract's pages in order; memory stays bounded whatever their number. */
export class LakeAttempt {
  readonly #target: Target;
  readonly #id = randomUUID();
  readonly #staging: Staging;
  readonly #raw: PartWriter;
  readonly #rows: PartWriter;
  readonly #children: readonly PartWriter[];
  readonly #quarantine: PartWriter;
  readonly #pages: Page[] = [];
  #first: Rejection | undefined;

  constructor(target: Target) {
    const { table, put } = target;
    this.#target = target;
    this.#staging = new Staging(table);
    this.#raw = new PartWriter(this.#prefix('raw'), put);
    this.#rows = new PartWriter(`${this.#prefix('stage')}${table.name}/`, put);
    this.#children = table.children.map(({ name }) => new PartWriter(`${this.#prefix('stage')}${name}/`, put));
    this.#quarantine = new PartWriter(this.#prefix('quarantine'), put);
  }

  /** Adds an answer of the source, with its records as texts of one line each. */
  async add(page: Omit<Page, 'rows'>, records: Iterable<string>): Promise<void> {
    const before = this.#raw.rows;
    for (const record of records) {
      await this.#raw.add(record);
      const staged = this.#staging.stage(record);
      if ('row' in staged) await this.#keep(staged);
      else await this.#reject(record, staged);
    }
    this.#pages.push({ ...page, rows: this.#raw.rows - before });
  }

  /**
   * Ends the attempt: from here on its files count.
   * @throws Terminal where more records were quarantined than the table allows; what was quarantined is kept
   */
  async close(): Promise<Extracted> {
    const manifest = await this.#manifest();
    const { extracted, staged, quarantined } = manifest.counts;
    this.#checkQuarantine(manifest);
    if (extracted !== staged + quarantined) {
      throw new Terminal(
        `Reconciling ${this.#target.dataset}: ${extracted} records were extracted, but ${staged} staged and ` +
          `${quarantined} quarantined. Nothing counts of this attempt; this is a defect of the lake.`,
      );
    }
    const key = `${this.#prefix('raw')}manifest.json`;
    await this.#target.context.store.create(key, manifest);
    const bytes = sum(manifest.raw, ({ rawBytes }) => rawBytes);
    const { foundColumns, unknownFields, collisions } = manifest;
    const fields = { foundColumns, unknownFields, collisions };
    this.#target.context.log.info('extracted', { manifest: key, ...manifest.counts, bytes, ...fields });
    return { manifest: key, rows: extracted, bytes, quarantined };
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
      task: context.task,
      pages: this.#pages,
      raw: raw ?? [],
      stage: Object.fromEntries(names.map((name, place) => [name, staged[place] ?? { parts: [], rows: 0 }])),
      quarantine: quarantine ?? [],
      counts: {
        extracted: sum(this.#pages, (page) => page.rows),
        staged: staged[0]?.rows ?? 0,
        quarantined: sum(quarantine ?? [], (part) => part.rows),
      },
      foundColumns: this.#staging.foundColumns(),
      unknownFields: this.#staging.unknownFields(),
      collisions: this.#staging.collisions(),
    };
  }

  #checkQuarantine({ counts, quarantine }: Manifest): void {
    const { maxQuarantined, name } = this.#target.table;
    if (counts.quarantined <= maxQuarantined) return;
    const { column, reason } = this.#first ?? { reason: 'unknown' };
    throw new Terminal(
      `${counts.quarantined} of ${counts.extracted} records do not meet the declaration of ${name}, which allows ` +
        `${maxQuarantined}. The first: ${column === undefined ? '' : `${column}: `}${reason}. All of them, with their ` +
        `reasons: ${quarantine[0]?.key}. Correct the declaration in tables.ts, or raise its maxQuarantined.`,
    );
  }

  async #keep({ row, children }: Staged): Promise<void> {
    const record = this.#raw.rows;
    await this.#rows.add(numbered(row, record));
    for (const [place, rows] of children.entries()) {
      for (const line of rows) await this.#children[place]?.add(numbered(line, record));
    }
  }

  async #reject(record: string, rejection: Rejection): Promise<void> {
    this.#first ??= rejection;
    await this.#quarantine.add(JSON.stringify({ ...rejection, record }));
  }

  #prefix(layer: Layer): string {
    const { dataset, context } = this.#target;
    return attemptPrefix(layer, context.run, { dataset, attempt: this.#id });
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, item) => all + of(item), 0);

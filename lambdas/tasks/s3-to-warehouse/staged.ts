/** What extracts left in the lake for one table, by their manifests: a file that none of them names does not count. */
import { mergedColumns } from '#lambdas/lake/evolution.ts';
import type { Staged, StagedFiles } from '#lambdas/warehouse/plan.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Column } from '#lib/contract/table.ts';
import { type Manifest, readManifest } from '#lib/runs/manifest.ts';
import type { Store } from '#lib/runs/store.ts';

const READS_AT_ONCE = 32;

interface StagedRows extends Staged {
  /** Columns that the declaration lacks, of a table that evolves. */
  readonly foundColumns: readonly Column[];
  /** How many fields came, by their names, that no column takes. */
  readonly unloadedFields: number;
}

/** @throws Terminal where a manifest is missing, wrong, or of another table */
export async function stagedFor(store: Store, table: string, from: readonly Extracted[]): Promise<StagedRows> {
  const manifests: Manifest[] = [];
  for (let at = 0; at < from.length; at += READS_AT_ONCE) {
    const some = from.slice(at, at + READS_AT_ONCE);
    manifests.push(...(await Promise.all(some.map(({ manifest }) => readManifest(store, manifest)))));
  }
  const strange = manifests.findIndex((manifest) => manifest.table !== table);
  if (strange !== -1) {
    throw new Terminal(
      `Loading ${table}: ${from[strange]?.manifest} holds rows of ${manifests[strange]?.table}. ` +
        'Give the load the output of an extract into a dataset of its own table.',
    );
  }
  const sum = (of: (manifest: Manifest) => number) => manifests.reduce((all, manifest) => all + of(manifest), 0);
  return {
    manifests: manifests.length,
    extracted: sum(({ counts }) => counts.extracted),
    quarantined: sum(({ counts }) => counts.quarantined),
    since: manifests.flatMap(({ since = [] }) => since).sort()[0],
    tables: merged(manifests),
    unloadedFields: new Set(manifests.flatMap(({ unknownFields }) => Object.keys(unknownFields))).size,
    foundColumns: mergedColumns(manifests.map(({ foundColumns = [] }) => foundColumns)),
  };
}

function merged(manifests: readonly Manifest[]): Record<string, StagedFiles> {
  const names = new Set(manifests.flatMap(({ stage }) => Object.keys(stage)));
  const extracts = [...Map.groupBy(manifests, ({ task }) => task.id).values()];
  const filesOf = (name: string): StagedFiles => ({
    // Also of an extract that staged none of these: its place is the same in each table.
    extracts: extracts.map((items) => items.flatMap(({ stage }) => stage[name]?.parts ?? [])),
    rows: manifests.reduce((sum, { stage }) => sum + (stage[name]?.rows ?? 0), 0),
  });
  return Object.fromEntries([...names].map((name) => [name, filesOf(name)]));
}

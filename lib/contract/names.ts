/** How pipelines name what their tasks may touch. Each name is a literal at synth: rights are derived from it. */
import type {
  Connection,
  LakeDataset,
  Location,
  OtherPipeline,
  PublishedDataset,
  TableDataset,
} from '#lib/contract/fields.ts';

/** A connection: a secret, by its name. */
export const use = <const T extends string>(type: T, name: string): Connection<T> => ({ type, connection: name });

/** A dataset of the data lake, whose rows must meet the declaration of a table. */
export const raw = (name: string, { table }: { table: string }): LakeDataset => ({
  kind: 'lake',
  dataset: name,
  table,
});

/** What a pipeline publishes for people: a prefix of the data lake. */
export const published: PublishedDataset = { kind: 'published', dataset: 'published' };

/** A warehouse table: `<schema>.<table>`. */
export const table = (name: string): TableDataset => ({ kind: 'table', dataset: name });

/** Objects of another bucket, by the beginning of their keys: rights go no further. */
export const objects = (bucket: string, prefix: string): Location => ({ bucket, prefix });

/** Another pipeline of the app. */
export const pipeline = (name: string): OtherPipeline => ({ pipeline: name });

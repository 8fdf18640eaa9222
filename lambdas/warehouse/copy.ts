/** COPY of staged parts into a staging table. */
import { RECORD_NUMBER } from '../lake/numbered.ts';
import { identifier, literal } from './quoting.ts';
import { attributes, columnList, type Shape } from './table-shape.ts';

/** A staged file: gzip, one row a line. `bytes` is the size of the stored object. */
export interface Part {
  readonly key: string;
  readonly bytes: number;
}

export const createStaging = (staging: string, shape: Shape): string =>
  `CREATE TABLE ${staging} (${identifier(RECORD_NUMBER)} int8 NOT NULL, ` +
  `${shape.columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')})${attributes(shape)}`;

/** The list of files that COPY reads, and of no others: a file that is missing fails it. */
export const copyManifest = (bucket: string, parts: readonly Part[]): string =>
  JSON.stringify({
    entries: parts.map(({ key, bytes }) => ({
      url: `s3://${bucket}/${key}`,
      mandatory: true,
      meta: { content_length: bytes },
    })),
  });

export interface Copy {
  /** The staging table, quoted. */
  readonly staging: string;
  readonly shape: Shape;
  /** `s3://…` of the list of files. */
  readonly manifest: string;
  /** The ARN of the role that the warehouse reads the lake with. */
  readonly role: string;
}

/** Loads every row as it is or fails: nothing is skipped and nothing cut off. */
export const copyStatement = ({ staging, shape, manifest, role }: Copy): string =>
  `COPY ${staging} (${columnList([{ name: RECORD_NUMBER }, ...shape.columns])}) FROM ${literal(manifest)} ` +
  `IAM_ROLE ${literal(role)} FORMAT AS JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto' MAXERROR 0`;

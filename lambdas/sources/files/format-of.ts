import { csv } from '#lambdas/lake/formats/csv.ts';
import { ndjson } from '#lambdas/lake/formats/ndjson.ts';
import type { FileFormatOption } from './objects.ts';
import type { FileFormat } from './pages.ts';

/** @param encoding default UTF-8 */
export const formatOf = (format: FileFormatOption, encoding = 'utf-8'): FileFormat =>
  format === 'ndjson'
    ? { split: ndjson, isLines: true, encoding }
    : { split: csv(format.csv), isLines: false, encoding };

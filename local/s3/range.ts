import { S3Error } from './errors.ts';

/** A part of an object, both ends included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that a Range header asks for, or undefined for the whole object: S3 ignores what it cannot read, several
 * ranges among it.
 * @throws {S3Error} InvalidRange when the object has no byte of it.
 */
export const parseRange = (value: string | undefined, size: number): Range | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(value ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start <= end) return { start, end };
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: value ?? '',
    ActualObjectSize: String(size),
  });
};

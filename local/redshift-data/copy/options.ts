/** The words of a COPY after its table. */
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';

export interface CopyOptions {
  /** Keys match columns whatever their case: FORMAT JSON 'auto ignorecase'. */
  readonly ignoreCase: boolean;
  readonly gzip: boolean;
  readonly manifest: boolean;
  /** TIMEFORMAT 'auto': ISO 8601. Without it Redshift takes YYYY-MM-DD HH:MI:SS only. */
  readonly anyTimeFormat: boolean;
}

type Read = (cursor: Cursor) => Partial<CopyOptions> & { readonly json?: true; readonly role?: true };

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const readRole: Read = (cursor) => {
  if (cursor.take('default')) return { role: true };
  const role = cursor.text();
  if (!ROLE.test(role)) throw new RedshiftError(`ERROR: Invalid IAM_ROLE '${role}': it is not the ARN of a role`);
  return { role: true };
};

const readJson: Read = (cursor) => {
  cursor.take('as');
  const paths = cursor.text();
  if (paths !== 'auto' && paths !== 'auto ignorecase') {
    throw notDone(`COPY from JSON '${paths}'`, "it does 'auto' and 'auto ignorecase'");
  }
  return { json: true, ignoreCase: paths === 'auto ignorecase' };
};

const readFormat: Read = (cursor) => {
  cursor.take('as');
  if (cursor.take('json')) return readJson(cursor);
  throw notDone('COPY of this format', "it does FORMAT JSON 'auto'");
};

const onlyAuto =
  (option: string, result: Partial<CopyOptions> = {}): Read =>
  (cursor) => {
    cursor.take('as');
    const format = cursor.text();
    if (format !== 'auto') throw notDone(`${option} '${format}'`, `it does ${option} 'auto'`);
    return result;
  };

const readMaxError: Read = (cursor) => {
  cursor.take('as');
  if (cursor.number() !== 0) throw notDone('MAXERROR above 0', 'every bad row fails the load');
  return {};
};

const readSwitch: Read = (cursor) => {
  cursor.takeOneOf('on', 'off', 'true', 'false', 'preset');
  return {};
};

const readRegion: Read = (cursor) => {
  cursor.take('as');
  cursor.text();
  return {};
};

const OPTIONS: Readonly<Record<string, Read>> = {
  iam_role: readRole,
  format: readFormat,
  json: readJson,
  gzip: () => ({ gzip: true }),
  manifest: () => ({ manifest: true }),
  timeformat: onlyAuto('TIMEFORMAT', { anyTimeFormat: true }),
  dateformat: onlyAuto('DATEFORMAT'),
  maxerror: readMaxError,
  region: readRegion,
  compupdate: readSwitch,
  statupdate: readSwitch,
};

/** @throws RedshiftError for an option that is not done, and where role or format is missing */
export function readCopyOptions(cursor: Cursor): CopyOptions {
  let found: ReturnType<Read> = {};
  const seen = new Set<string>();
  while (!cursor.done) {
    const word = cursor.takeOneOf(...Object.keys(OPTIONS));
    if (word === undefined)
      throw notDone(
        'this option of COPY',
        `it does ${Object.keys(OPTIONS).join(', ')}: ${cursor.unexpected().message}`,
      );
    if (seen.has(word)) throw new RedshiftError(`ERROR: conflicting or redundant options: ${word}`);
    seen.add(word);
    found = { ...found, ...OPTIONS[word]?.(cursor) };
  }
  if (!found.role) throw new RedshiftError('ERROR: COPY needs IAM_ROLE: a role that may read the objects, or DEFAULT');
  if (!found.json) throw notDone('COPY without FORMAT JSON');
  const { ignoreCase = false, gzip = false, manifest = false, anyTimeFormat = false } = found;
  return { ignoreCase, gzip, manifest, anyTimeFormat };
}

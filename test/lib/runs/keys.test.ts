import { expect, test } from 'vitest';
import { attemptOfKey, attemptPrefix, newestManifest, runsBefore } from '#lib/runs/keys.ts';

const run = {
  dagId: 'daily',
  runId: '20261118T063000Z',
  logicalDate: '2026-11-18T06:30:00Z',
  dataInterval: { start: '2026-11-18T06:30:00Z', end: '2026-11-19T06:30:00Z' },
  clearing: 1,
  execution: 'arn',
  params: {},
};

test('a key under the prefix of an attempt tells the run and what the attempt is of', () => {
  const part = { dataset: 'issues', of: 'a/b [ü]' };
  const key = `${attemptPrefix('quarantine', run, { ...part, attempt: 'x' })}part-00000.ndjson.gz`;
  expect(key).toMatch(/^quarantine\/daily\/issues\/dt=2026-11-18\/run=20261118T063000Z\/of=[^/]+\/attempt=x\/part/);
  const { dagId, runId, logicalDate } = run;
  expect(attemptOfKey(key)).toEqual({ dagId, runId, logicalDate, ...part });
  expect(attemptOfKey('quarantine/daily/issues/notes.txt')).toBeUndefined();
});

test('the newest manifest is that of the greatest attempt that has one', () => {
  expect(newestManifest(['p/attempt=2/part', 'p/attempt=1/manifest.json', 'p/attempt=0/manifest.json'])).toBe(
    'p/attempt=1/manifest.json',
  );
  expect(newestManifest(['p/attempt=2/part-00000.ndjson.gz'])).toBeUndefined();
});

test('the run before is that of the last logical date before, whatever else has run', () => {
  const folders = ['20261116T000000Z', '20261117T063000Z', run.runId, '20261119T063000Z'].map(
    (id) => `ledger/daily/${id}/`,
  );
  expect(runsBefore(run, folders)).toEqual([
    { dagId: 'daily', runId: '20261117T063000Z', logicalDate: '2026-11-17T06:30:00Z' },
    { dagId: 'daily', runId: '20261116T000000Z', logicalDate: '2026-11-16T00:00:00Z' },
  ]);
  expect(runsBefore(run, folders.slice(2))).toEqual([]);
});

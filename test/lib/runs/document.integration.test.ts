/** Whatever a run leaves behind: what a writer writes its reader takes, and what is damaged is named. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Damaged } from '#lib/runs/errors.ts';
import { isAlerted, pointToRun, runOfExecution } from '#lib/runs/execution-pointer.ts';
import * as keys from '#lib/runs/keys.ts';
import { recall, resultsOfItems, settle, tasksWithResult } from '#lib/runs/ledger.ts';
import { type Manifest, readManifest, writeManifest } from '#lib/runs/manifest.ts';
import { openProgress } from '#lib/runs/progress.ts';
import { quarantineLine, readQuarantine } from '#lib/runs/quarantine.ts';
import { readLimit } from '#lib/runs/rate-limit.ts';
import { type RunRecord, readRecord, runRecords } from '#lib/runs/run-record.ts';
import { readSlots } from '#lib/runs/slots.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { readWarnings } from '#lib/runs/warnings.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';
import { someRun } from '../../worlds/events.ts';

let aws: Aws;
let store: Store;
beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: aws.client, bucket: BUCKET });
});
afterAll(() => aws.close());

const put = (Key: string, Body: string | Uint8Array) =>
  aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(Body as Uint8Array) }));
const task = { id: 'extract', attempt: 1 };

const recordOf = (run: ReturnType<typeof someRun>, more: Partial<RunRecord> = {}): RunRecord => ({
  ...run,
  state: 'running',
  queuedAt: '2026-11-20T00:00:00Z',
  taskIds: [],
  ...more,
});

const manifestOf = (run: ReturnType<typeof someRun>, more: Partial<Manifest> = {}): Manifest => ({
  dataset: 'issues',
  table: 'g.issues',
  run: run.runId,
  logicalDate: run.logicalDate,
  task,
  pages: [],
  raw: [],
  stage: {},
  quarantine: [],
  counts: { extracted: 0, staged: 0, quarantined: 0 },
  unknownFields: {},
  collisions: {},
  ...more,
});

/** Each kind of object, by its reader. */
const READERS: [string, (run: ReturnType<typeof someRun>) => { key: string; read: () => Promise<unknown> }][] = [
  ['the run record', (run) => ({ key: keys.runRecordKey(run), read: () => readRecord(store, run) })],
  ['the result of a task', (run) => ({ key: keys.ledgerKey(run, task), read: () => recall(store, run, task) })],
  [
    'the result of a task',
    (run) => ({ key: keys.ledgerKey(run, { ...task, index: 3 }), read: () => resultsOfItems(store, run, task.id) }),
  ],
  ['the slots', ({ dagId }) => ({ key: keys.slotsKey(dagId), read: () => readSlots(store, dagId) })],
  [
    'the run of an execution',
    ({ dagId }) => ({ key: keys.executionKey(dagId), read: () => runOfExecution(store, dagId) }),
  ],
  ['the mark of a mail', ({ dagId }) => ({ key: keys.alertedKey(dagId), read: () => isAlerted(store, dagId) })],
  ['the rate limit', (run) => ({ key: keys.limitKey(run, 'github'), read: () => readLimit(store, run, 'github') })],
  ['the warning', (run) => ({ key: keys.warningKey(run, task, 'i'), read: () => readWarnings(store, run) })],
  [
    'the progress of an extract',
    (run) => ({ key: keys.progressKey(run, task, 'raw/i'), read: () => openProgress({ store, run, task }, 'raw/i') }),
  ],
  [
    'the manifest',
    ({ dagId }) => ({ key: `${dagId}/manifest.json`, read: () => readManifest(store, `${dagId}/manifest.json`) }),
  ],
];

test.each(READERS)('%s that is cut off or another thing is named by its key, with what to do', async (name, of) => {
  const { key, read } = of(someRun());
  const url = `s3://${BUCKET}/${key}`;
  const damaged = async (body: string) => {
    await put(key, body);
    const error = await read().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining(url) });
    expect(error?.message).toMatch(/(Remove the object|Run the extract again)[^.]*\.$/);
    return error?.message;
  };
  expect(await damaged('{"dagId":"a')).toContain('it is no JSON: it begins with "{\\"dagId\\":\\"a"');
  expect(await damaged('')).toContain('it is empty');
  expect(await damaged('{"attempt":"x"}')).toContain(`Reading ${name} ${url}`);
});

test.each(READERS)(
  '%s whose file was changed or cut behind the back of S3 is named, with what to do',
  async (_, of) => {
    const { key, read } = of(someRun());
    const url = `s3://${BUCKET}/${key}`;
    const text = '{"attempt":"x"}';
    const isDamaged = async (changed: string) => {
      await put(key, text);
      writeFileSync(aws.s3.pathOf(BUCKET, key) ?? '', changed);
      const error: Error = await read().then(
        () => new Error('read'),
        (thrown) => thrown,
      );
      expect(error).toBeInstanceOf(Damaged);
      expect(error.message).toContain(url);
      expect(error.message).toMatch(/(Remove the object|Run the extract again)[^.]*\.$/);
    };
    await isDamaged(text.replace('x', 'y'));
    await isDamaged(text.slice(0, 5));
    await isDamaged('');
  },
);

test('no writer writes what its reader refuses: the object and the field are named', async () => {
  const run = someRun();
  const refused = async (write: Promise<unknown>, message: string) =>
    expect(write).rejects.toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining(message) });
  const wrong = { unknownFields: { constructor: '1' } } as unknown as Partial<Manifest>;
  await refused(
    writeManifest(store, 'm.json', manifestOf(run, wrong)),
    'Writing the manifest m.json: unknownFields.constructor',
  );
  const record = recordOf(run, { tasks: { load: 'lost' as 'failed' } });
  await refused(
    runRecords.create(store, keys.runRecordKey(run), record),
    `Writing the run record ${keys.runRecordKey(run)}: tasks.load`,
  );
  const slots = await readSlots(store, run.dagId);
  await refused(slots.replace({ active: [{ runId: 'r' } as never], waiting: [] }), 'active[0].execution');
  await refused(pointToRun(store, run.execution, { dagId: 'x' } as never), 'runId');
  await refused(settle(store, { run, task: { id: 't', attempt: 1.5 } }, {}), 'attempt');
  const progress = await openProgress({ store, run, task }, 'raw/i');
  await refused(progress.keep({ next: 'u' } as never), 'Writing the progress of an extract');
  expect(await aws.keys(`ledger/${run.dagId}/`)).toEqual([]);
});

test('names that come from data survive their writing and reading, whatever they are', async () => {
  const name = fc.oneof(fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty'), fc.string());
  const counts = fc.uniqueArray(fc.tuple(name, fc.nat()), { selector: ([one]) => one, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(counts, async (entries) => {
      const [key, run] = [`${randomUUID()}/manifest.json`, someRun()];
      const stage = entries.map(([table]) => [table, { parts: [], rows: 1 }]);
      const fields = Object.fromEntries(entries);
      await writeManifest(
        store,
        key,
        manifestOf(run, { unknownFields: fields, collisions: fields, stage: Object.fromEntries(stage) }),
      );
      const read = await readManifest(store, key);
      for (const found of [read.unknownFields, read.collisions])
        expect(Object.entries(found)).toEqual(Object.entries(fields));
      expect(Object.keys(read.stage)).toEqual(Object.keys(fields));
      const tasks = Object.fromEntries(entries.map(([id]) => [id, 'success' as const]));
      await runRecords.create(store, keys.runRecordKey(run), recordOf(run, { tasks }));
      const record = (await readRecord(store, run))?.record;
      expect(Object.keys(record?.tasks ?? {})).toEqual(Object.keys(tasks));
    }),
    { numRuns: 40 },
  );
});

test('the results of items are those of the task, in one clearing; tasks with a result are told by it', async () => {
  const run = someRun();
  for (const index of [0, 1, 10]) await settle(store, { run, task: { ...task, index } }, { index });
  await settle(store, { run: { ...run, clearing: 2 }, task: { ...task, index: 5 } }, { index: 5 });
  await settle(store, { run, task: { id: 'constructor', attempt: 2 } }, {});
  await put(keys.progressKey(run, task, 'i'), '{}');
  expect(await resultsOfItems(store, run, task.id)).toEqual(
    [0, 1, 10].map((index) => ({ output: { index }, attempt: 1 })),
  );
  expect(await tasksWithResult(store, run, [task.id, 'constructor', 'toString'])).toEqual(new Set(['constructor']));
});

test('of a quarantine the part that is damaged is named, and the rest is read', async () => {
  const run = someRun();
  const parts = async (of: string, body: Buffer) => {
    const at = { dataset: 'issues', of, attempt: 'a' };
    const key = keys.partKey(keys.attemptPrefix('quarantine', run, at), 0);
    await put(key, body);
    const quarantine = [{ key, rows: 1, bytes: 1, rawBytes: 1 }];
    await writeManifest(store, keys.manifestKey(keys.attemptPrefix('raw', run, at)), manifestOf(run, { quarantine }));
    return `s3://${BUCKET}/${key}`;
  };
  const line = `${quarantineLine({ reason: 'no number', column: 'id', record: '{"id":"\u2028"}' })}\n`;
  const whole = gzipSync(line.repeat(2));
  await parts('whole', whole);
  const damaged = [
    await parts('cut', whole.subarray(0, -9)),
    await parts('no-gzip', Buffer.from(line)),
    await parts('other', gzipSync('{"reason":3}\n')),
  ];
  const found = await readQuarantine(store, { pipeline: run.dagId });
  const row = { pipeline: run.dagId, logicalDate: run.logicalDate, dataset: 'issues', of: 'whole' };
  expect(found.rows).toEqual(Array(2).fill({ ...row, reason: 'no number', column: 'id', record: '{"id":"\u2028"}' }));
  expect(found.damaged.flatMap(({ message }) => damaged.filter((url) => message.includes(url))).toSorted()).toEqual(
    damaged.toSorted(),
  );
  expect((await readQuarantine(store, { pipeline: run.dagId, runId: 'another' })).rows).toEqual([]);
});

test('a part that a manifest names and that is gone is named', async () => {
  const read = async () => {
    for await (const _ of store.unzipped('gone/part-00000.ndjson.gz'));
  };
  await expect(read()).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining(`s3://${BUCKET}/gone/part-00000.ndjson.gz: there is no such object`),
  });
});

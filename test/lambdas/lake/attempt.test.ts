/** What an attempt leaves behind, and in which order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LakeAttempt } from '#lambdas/lake/attempt.ts';
import type { Put } from '#lambdas/lake/writers/writer.ts';
import type { Logger } from '#lambdas/runtime/log.ts';
import { tableDeclaration } from '#lib/contract/table.ts';
import { newestManifest } from '#lib/runs/keys.ts';
import { type Manifest, readManifest, writeManifest } from '#lib/runs/manifest.ts';
import { unfinished } from '#lib/runs/progress.ts';
import type { Store } from '#lib/runs/store.ts';
import { someRun } from '../../worlds/events.ts';

const table = tableDeclaration.parse({
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'user_id', type: 'int8' },
  ],
  primaryKey: ['id'],
  maxQuarantined: 1,
  children: [
    { name: 'g.marks', from: ['marks'], parent: { issue_id: 'id' }, columns: [{ name: 'issue_id', type: 'int8' }] },
  ],
});
const run = someRun();

/** An attempt at three records: one of them with two values for one flat name, one that does not fit. */
async function attempt(put: Put, manifests = new Map<string, object>(), of = run) {
  const create = async (key: string, value: object) => {
    await put(key, Buffer.alloc(0));
    manifests.set(key, value);
    return { written: true as const, etag: '' };
  };
  const context = {
    run: of,
    task: { id: 'extract', attempt: 1 },
    store: { create } as unknown as Store,
    log: { info: () => {} } as unknown as Logger,
  };
  const attempt = new LakeAttempt({ dataset: 'i', of: 'r', table, put, context });
  const records = ['{"id":1,"user_id":7,"user":{"id":8},"marks":[{}]}', '{"id":"x"}', '{"id":3,"more":1}'];
  await attempt.add(
    { url: 'u', status: 200, fetchedAt: 't' },
    records.map((record) => Buffer.from(record)),
  );
  return attempt.close();
}

test('the manifest is written after every file that it names', async () => {
  const written: string[] = [];
  const manifests = new Map<string, Manifest>();
  const { manifest: key } = await attempt(async (key) => written.push(key), manifests);
  const { raw, stage, quarantine } = manifests.get(key) as Manifest;
  const named = [raw, quarantine, ...Object.values(stage).map(({ parts }) => parts)].flat().map((part) => part.key);
  expect(named).toHaveLength(4);
  expect(written.at(-1)).toBe(key);
  expect(written.slice(0, -1).sort()).toEqual(named.sort());
});

test.each(['raw/', 'g.issues/', 'g.marks/', 'quarantine/'])(
  'an attempt that cannot store its %s leaves no manifest',
  async (lost) => {
    const written: string[] = [];
    const put = async (key: string) => {
      if (key.includes(lost) && key.endsWith('.gz')) throw new Error('the connection is gone');
      written.push(key);
    };
    await expect(attempt(put)).rejects.toThrow('the connection is gone');
    expect(newestManifest(written)).toBeUndefined();
  },
);

test('the manifest counts flat names that came twice in a record, and fields that no column takes', async () => {
  const manifests = new Map<string, Manifest>();
  const { manifest } = await attempt(async () => {}, manifests);
  expect(manifests.get(manifest)).toMatchObject({
    counts: { extracted: 3, staged: 2, quarantined: 1 },
    collisions: { user_id: 1 },
    unknownFields: { more: 1 },
  });
});

test('of two whole attempts the one that began later is the newest', async () => {
  const keys: string[] = [];
  const put: Put = async (key) => keys.push(key);
  const first = await attempt(put);
  await new Promise((resolve) => setTimeout(resolve, 2));
  const second = await attempt(put);
  expect(newestManifest([second.manifest, ...keys, first.manifest])).toBe(second.manifest);
});

test('a source that is asked in a run that goes from raw is not staged', async () => {
  const written: string[] = [];
  const asked = attempt(async (key) => written.push(key), new Map(), { ...run, fromRaw: true });
  await expect(asked).rejects.toThrow(/Task 'extract' asked its source for u, but this run goes from raw/);
  expect(written).toEqual([]);
});

/** Names that every object of JavaScript has, or that mean something to it. */
const name = fc.oneof(
  fc.constantFrom('constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', 'isPrototypeOf', 'writer'),
  fc.string({ minLength: 1 }).filter((one) => !['id', 'user_id', 'user', 'marks'].includes(one)),
);
const names = fc.array(fc.uniqueArray(name, { maxLength: 4 }), { maxLength: 6 });

test('whatever fields are called, a reader of the manifest finds how often each came, over attempts that stopped too', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, async (before, after) => {
      const stored = new Map<string, string>();
      const store = {
        create: async (key: string, value: object) => stored.set(key, JSON.stringify({ ...value, writer: 'w' })),
        read: async (key: string) => ({ value: JSON.parse(stored.get(key) ?? ''), etag: '' }),
      } as unknown as Store;
      const log = { info: () => {} } as unknown as Logger;
      const context = { run, task: { id: 'extract', attempt: 1 }, store, log };
      const target = { dataset: 'i', of: 'r', table, put: async () => {}, context };
      const page = { url: 'u', status: 200, fetchedAt: 't' };
      const records = (of: string[][]) =>
        of.map((fields) => Buffer.from(`{"id":1${fields.map((one) => `,${JSON.stringify(one)}:2`).join('')}}`));

      const stopping = new LakeAttempt(target);
      await stopping.add(page, records(before));
      const kept = unfinished.parse(JSON.parse(JSON.stringify(await stopping.stop())));
      const attempt = new LakeAttempt(target, kept);
      await attempt.add(page, records(after));
      const { unknownFields } = await readManifest(store, (await attempt.close()).manifest);

      const counts = new Map<string, number>();
      for (const one of [before, after].flat(2)) counts.set(one, (counts.get(one) ?? 0) + 1);
      expect(new Map(Object.entries(unknownFields))).toEqual(counts);
    }),
  );
});

test('a manifest that its reader would refuse is not written', async () => {
  const created: string[] = [];
  const store = { create: async (key: string) => created.push(key) } as unknown as Store;
  const wrong = { dataset: 'i', counts: { extracted: 1.5 } } as unknown as Manifest;
  await expect(writeManifest(store, 'raw/manifest.json', wrong)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/Writing the manifest raw\/manifest.json: .*counts\.extracted: /),
  });
  expect(created).toEqual([]);
});

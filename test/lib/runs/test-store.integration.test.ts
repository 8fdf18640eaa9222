import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { testStore } from '#lib/runs/test-store.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';

let aws: Aws;
let store: Store;
beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: aws.client, bucket: BUCKET });
});
afterAll(() => aws.close());

test('what is written into the ledger is there for this store alone, by the same conditions', async () => {
  const own = testStore(store);
  const created = await own.create('ledger/d/a.json', { n: 1 });
  expect(created.written).toBe(true);
  expect(await own.create('ledger/d/a.json', { n: 2 })).toMatchObject({ written: false, found: { value: { n: 1 } } });
  const etag = created.written ? created.etag : '';
  expect(await own.replace('ledger/d/a.json', { n: 3 }, etag)).toMatchObject({ written: true });
  expect(await own.replace('ledger/d/a.json', { n: 4 }, etag)).toMatchObject({
    written: false,
    found: { value: { n: 3 } },
  });
  expect(await own.read('ledger/d/a.json')).toMatchObject({ value: { n: 3 } });
  expect(await store.list('ledger/d/')).toEqual([]);
});

test('what the ledger has is read, and stays as it is where it is replaced', async () => {
  const before = await store.create('ledger/e/a.json', { n: 1 });
  const own = testStore(store);
  expect(await own.replace('ledger/e/a.json', { n: 2 }, before.written ? before.etag : '')).toMatchObject({
    written: true,
  });
  expect(await own.read('ledger/e/a.json')).toMatchObject({ value: { n: 2 } });
  expect(await store.read('ledger/e/a.json')).toMatchObject({ value: { n: 1 } });
});

test('what is not of the ledger is written for all', async () => {
  await testStore(store).create('raw/d/manifest.json', { n: 1 });
  expect(await store.read('raw/d/manifest.json')).toMatchObject({ value: { n: 1 } });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';

let aws: Aws;
let store: Store;
beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: aws.client, bucket: BUCKET });
});
afterAll(() => aws.close());

test('what was created is read, and a second creation gives what is there', async () => {
  expect(await store.read('a/1.json')).toBeUndefined();
  expect(await store.create('a/1.json', { x: 1 })).toMatchObject({ written: true });
  expect(await store.create('a/1.json', { x: 2 })).toMatchObject({ written: false, found: { value: { x: 1 } } });
  expect(await store.read('a/1.json')).toMatchObject({ value: { x: 1 } });
});

test('of two writers that replace the same version one wins, and the other gets what the winner wrote', async () => {
  const created = await store.create('b.json', { n: 0 });
  const etag = created.written ? created.etag : '';
  const [one, two] = await Promise.all([
    store.replace('b.json', { n: 1 }, etag),
    store.replace('b.json', { n: 2 }, etag),
  ]);
  expect([one.written, two.written].sort()).toEqual([false, true]);
  const loser = one.written ? two : one;
  expect(loser).toMatchObject({ written: false, found: { value: { n: one.written ? 1 : 2 } } });
});

test('to replace what is gone is a conflict with nothing', async () => {
  expect(await store.replace('none.json', {}, '"x"')).toEqual({ written: false, found: undefined });
});

test('a write whose answer was lost, so that its second try meets itself, is success', async () => {
  const middleware = { name: 'lose the answer', step: 'finalizeRequest', priority: 'high' } as const;
  let lost = false;
  aws.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (!lost) {
        lost = true;
        return next(args);
      }
      return answer;
    },
    middleware,
  );
  try {
    expect(await store.create('lost.json', { x: 1 })).toMatchObject({ written: true });
    expect(lost).toBe(true);
  } finally {
    aws.client.middlewareStack.remove(middleware.name);
  }
});

test('keys and folders under a prefix come in order', async () => {
  for (const key of ['l/b/1.json', 'l/a/1.json', 'l/a/2.json', 'l/c.json']) await store.create(key, {});
  expect(await store.list('l/')).toEqual(['l/a/1.json', 'l/a/2.json', 'l/b/1.json', 'l/c.json']);
  expect(await store.folders('l/')).toEqual(['l/a/', 'l/b/']);
});

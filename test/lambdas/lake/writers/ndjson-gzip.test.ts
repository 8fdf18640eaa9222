import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NdjsonGzipWriter, PART_BYTES } from '#lambdas/lake/writers/ndjson-gzip.ts';

function written(prefix = 'p/') {
  const objects = new Map<string, Uint8Array>();
  const writer = new NdjsonGzipWriter(prefix, async (key, body) => objects.set(key, body));
  const lines = (key: string) =>
    gunzipSync(objects.get(key) ?? '')
      .toString()
      .split('\n')
      .slice(0, -1);
  return { writer, objects, lines };
}

const line = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '').toWellFormed()),
  fc.nat({ max: 300_000 }).map((length) => 'é'.repeat(length)),
);

test('the lines of all parts are those that were added, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.boolean(), async (added, asBytes) => {
      const { writer, lines } = written();
      for (const one of added) await writer.add(asBytes ? Buffer.from(one) : one);
      const parts = await writer.close();
      expect(parts.flatMap(({ key }) => lines(key))).toEqual(added);
      expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(added.length);
      expect(parts.reduce((sum, { rawBytes }) => sum + rawBytes, 0)).toBe(
        Buffer.byteLength(added.map((l) => `${l}\n`).join('')),
      );
    }),
    { numRuns: 50 },
  );
});

test('a part ends where it has its size, and says how many rows and bytes it holds', async () => {
  const { writer, objects, lines } = written('raw/x/');
  const noise = () => randomBytes(64 * 1024).toString('base64');
  for (let n = 0; n < 300; n++) await writer.add(noise());
  const parts = await writer.close();
  expect(parts.map(({ key }) => key)).toEqual([
    'raw/x/part-00000.ndjson.gz',
    'raw/x/part-00001.ndjson.gz',
    'raw/x/part-00002.ndjson.gz',
  ]);
  for (const { key, rows, bytes } of parts) {
    expect(objects.get(key)).toHaveLength(bytes);
    expect(lines(key)).toHaveLength(rows);
    expect(bytes).toBeLessThan(PART_BYTES * 1.1);
  }
});

test('without a line there is no part', async () => {
  const { writer, objects } = written();
  expect(await writer.close()).toEqual([]);
  expect(objects.size).toBe(0);
});

test('a part that cannot be stored fails the one who adds to it', async () => {
  const writer = new NdjsonGzipWriter('p/', () => Promise.reject(new Error('no space')));
  await writer.add('x');
  await expect(writer.close()).rejects.toThrow('no space');
});

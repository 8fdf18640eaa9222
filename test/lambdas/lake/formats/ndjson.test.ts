import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gunzip } from '#lambdas/lake/formats/gunzip.ts';
import { lines, ndjson } from '#lambdas/lake/formats/ndjson.ts';
import { inChunks, splitBy } from '../../../worlds/chunks.ts';

/** Any bytes that no line end cuts, of which some are more than space. */
const record = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) =>
    Buffer.concat([Buffer.from('{'), Buffer.from(bytes.filter((byte) => byte !== 0x0a)), Buffer.from('}')]),
  );

test('each line is a record with its own bytes, however lines end and wherever a chunk does', async () => {
  const file = fc.record({ records: fc.array(record), end: fc.constantFrom('\n', '\r\n'), isEnded: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(file, inChunks, async ({ records, end, isEnded }, cut) => {
      const all = Buffer.concat(records.flatMap((one) => [one, Buffer.from(end)]));
      const bytes = isEnded ? all : all.subarray(0, Math.max(0, all.length - end.length));
      expect(await splitBy(ndjson, cut(bytes))).toEqual(records);
      expect(await splitBy(ndjson, gunzip(cut(gzipSync(bytes))))).toEqual(records);
    }),
  );
});

test('blank lines and a mark of the byte order are no records', async () => {
  const bytes = Buffer.from('\ufeff{"a":1}\n\n \t\r\n{"a":"\ufeff"}\n\r\n');
  expect((await splitBy(ndjson, [bytes])).map(String)).toEqual(['{"a":1}', '{"a":"\ufeff"}']);
});

test('lines are what stands between line feeds, and nothing else ends one', async () => {
  const bytes = Buffer.from('a\r\n\n\u2028\n');
  expect((await splitBy(lines, [bytes])).map(String)).toEqual(['a\r', '', '\u2028']);
});

test('gzip that is cut off is an error, never fewer records', async () => {
  const whole = gzipSync('{"a":1}\n{"a":2}\n');
  for (let end = 0; end < whole.length; end++) {
    await expect(splitBy(ndjson, gunzip([whole.subarray(0, end)]))).rejects.toThrow('unexpected end of file');
  }
});

test('a stream without an end of line is not read into memory for good', async () => {
  let chunks = 0;
  async function* endless() {
    for (;;) {
      chunks++;
      yield Buffer.alloc(1024 * 1024, 0x61);
    }
  }
  await expect(splitBy(ndjson, endless())).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/Splitting x: its record 1 is longer than 67108864 bytes/),
  });
  expect(chunks).toBeLessThan(70);
});

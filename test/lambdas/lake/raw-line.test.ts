import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawLine, recordOf } from '#lambdas/lake/raw-line.ts';

test('any record is one line, and comes out byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (record) => {
      const line = rawLine(record);
      expect(line.includes(0x0a)).toBe(false);
      expect(Buffer.from(recordOf(line))).toEqual(Buffer.from(record));
    }),
    { examples: [[Buffer.from('\u001b{}')], [Buffer.from('{"a":"x\ny"}')]] },
  );
});

test('a record that holds no line end stands there as it is', () => {
  for (const record of ['{"a":1}', '', '{"a":"\r"}', '{"a":"\u001b"}']) {
    expect(Buffer.from(rawLine(Buffer.from(record))).toString()).toBe(record);
  }
});

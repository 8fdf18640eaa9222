import { expect, test } from 'vitest';
import { failureOf } from '#lambdas/tasks/data-quality/failure.ts';
import type { Finding } from '#lambdas/tasks/data-quality/record.ts';

const findings = (count: number, outcome: Finding['outcome'] = 'failed') =>
  Array.from(
    { length: count },
    (_, nth): Finding => ({
      ...{ name: `check ${nth}`, severity: 'fail', threshold: 0, sql: '', parameters: {}, offending: 9, outcome },
      sample: new Array(5).fill(`{"x":"${'x'.repeat(490)}"}`),
    }),
  );

test('of a few checks that failed all sample rows are shown, of many some of each', () => {
  expect(failureOf(findings(8))?.message.match(/\{"x"/g)).toHaveLength(40);
  expect(failureOf(findings(20))?.message.match(/\{"x"/g)).toHaveLength(40);
});

test('however many failed, Step Functions keeps the message whole, and it says how many more there are', () => {
  const message = failureOf(findings(1000))?.message ?? '';
  expect(message.length).toBeLessThan(32 * 1024);
  expect(message).toContain('1000 of 1000 checks failed:\n- check 0: 9 offending');
  expect(message).toContain('\n- and 960 more\nAll results are in sluice.quality.');
});

test('checks that passed or warned fail nothing', () => {
  expect(failureOf([...findings(1, 'passed'), ...findings(1, 'warned')])).toBeUndefined();
});

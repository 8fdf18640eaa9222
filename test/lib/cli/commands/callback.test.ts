import { expect, test } from 'vitest';
import { sluice } from '../../../worlds/command-line.ts';

test('an output that is no JSON, or too large, is refused before anybody is asked', async () => {
  expect(await sluice('callback', 'succeed', 'T', '--output', 'yes')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^sluice: --output yes: no JSON: .*Write it as '\{"by":"Ann"\}'\.\n$/s),
  });
  const large = JSON.stringify('x'.repeat(8192));
  expect(await sluice('callback', 'succeed', 'T', '--output', large)).toMatchObject({
    code: 2,
    stderr: 'sluice: --output: it has 8194 bytes, and an output 8192 at most: give a pointer.\n',
  });
});

test('a token must be given', async () => {
  expect(await sluice('callback', 'fail')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("missing required argument 'token'"),
  });
});

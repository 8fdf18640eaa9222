import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replayCorpus } from '../../../scripts/conformance/replay.ts';

const corpus = join(import.meta.dirname, '../../../../shared/asl-conformance');

test.skipIf(!existsSync(corpus))('executions recorded on AWS come out the same here', async () => {
  const scores = await replayCorpus(corpus);
  const share = (aspect: 'status' | 'stateIO' | 'history') =>
    scores.filter((score) => score[aspect]).length / scores.length;
  expect(scores).toHaveLength(68);
  expect(share('status')).toBe(1);
  expect(share('stateIO')).toBe(1);
  expect(share('history')).toBe(1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Claim } from '#lambdas/warehouse/claims.ts';
import { type History, overClaims } from '#lambdas/warehouse/leftovers.ts';

const clearingOfRun = fc.record({
  runId: fc.constantFrom('20261117T000000Z', '20261118T000000Z', '20261119T000000Z'),
  clearing: fc.integer({ min: 1, max: 3 }),
});
const claim: fc.Arbitrary<Claim> = fc
  .tuple(clearingOfRun, fc.integer({ min: 1, max: 3 }))
  .map(([run, n]) => ({ dagId: 'd', task: 'load', ...run, n }));
const history: fc.Arbitrary<History> = fc.record({
  claims: fc.array(claim, { maxLength: 12 }),
  loads: fc.array(clearingOfRun, { maxLength: 4 }),
  isAppended: fc.boolean(),
});

/** What the guard in a load's transaction says: it is recorded, a later claim exists, or a newer date is loaded. */
const mayLoad = ({ claims, loads, isAppended }: History, { runId, clearing, n }: Claim): boolean =>
  !loads.some((load) => load.runId === runId && load.clearing === clearing) &&
  !claims.some((one) => one.runId === runId && (one.clearing > clearing || (one.clearing === clearing && one.n > n))) &&
  (isAppended || !loads.some((load) => load.runId > runId));

test('a claim is over when, and only when, its transaction would fail by its guard', () => {
  fc.assert(
    fc.property(history, (known) => {
      expect(overClaims(known)).toEqual(known.claims.filter((one) => !mayLoad(known, one)));
    }),
  );
});

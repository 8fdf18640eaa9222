import { expect, test } from 'vitest';
import { nameOf, tokenOf, underClaim, workOf } from '#lambdas/warehouse/claims.ts';
import { redshiftDialect } from '#lambdas/warehouse/engines/redshift/dialect.ts';
import { StatementFailed } from '#lambdas/warehouse/session.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';

const run = { dagId: 'd', runId: '20261119T000000Z', clearing: 1 };
const work = workOf(run, { id: 'load', attempt: 2 });

/** Holds claims as a warehouse would: as far as claims are concerned. */
function claims(n: number | null) {
  const written: string[] = [];
  const warehouse: Pick<Warehouse, 'dialect' | 'query' | 'run'> = {
    dialect: redshiftDialect,
    query: async () => [{ n }],
    run: async ({ sqls }) => {
      written.push(
        ...sqls
          .filter((sql) => sql.includes('INSERT INTO sluice.claims'))
          .map((sql) => /, (\d+), GETDATE/.exec(sql)?.[1] ?? ''),
      );
      return [];
    },
  };
  return { warehouse, written };
}

test('the first attempt claims n = 1, and a later one goes on under it', async () => {
  const first = claims(null);
  expect(await underClaim(first.warehouse, work, async ({ n }) => n)).toBe(1);
  expect(first.written).toEqual(['1']);
  const second = claims(1);
  expect(await underClaim(second.warehouse, work, async ({ n }) => n)).toBe(1);
  expect(second.written).toEqual([]);
});

test('after a statement ended in failure the next attempt has the next claim', async () => {
  const { warehouse, written } = claims(1);
  const failure = new Error('no', { cause: new StatementFailed('no') });
  await expect(underClaim(warehouse, work, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(written).toEqual(['2']);
});

test('an attempt that was cut off leaves the claim as it is: its statement may still run', async () => {
  const { warehouse, written } = claims(1);
  await expect(underClaim(warehouse, work, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
  expect(written).toEqual([]);
});

test('tokens fit the Data API and differ by everything that a claim names', () => {
  const claim = { ...work, n: 1 };
  const others = [
    tokenOf(claim, 'load'),
    tokenOf({ ...claim, n: 2 }, 'load'),
    tokenOf({ ...claim, clearing: 2 }, 'load'),
    tokenOf({ ...claim, task: 'other' }, 'load'),
    tokenOf({ ...claim, ...workOf(run, { id: 'load', index: 0, attempt: 1 }) }, 'load'),
    tokenOf(claim, 'copy'),
  ];
  expect(new Set(others).size).toBe(others.length);
  expect(others.every((token) => /^[0-9a-f]{64}$/.test(token))).toBe(true);
  expect(nameOf(claim)).toMatch(/^[0-9a-f]{16}$/);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type TableState } from '#tasks/warehouse-watermark/decision.ts';

const day = (nth: number) => new Date(Date.UTC(2026, 10, nth)).toISOString().replace('.000Z', 'Z');
const state = (change: Partial<TableState> = {}): TableState => ({
  table: 'g.issues',
  isAsDeclared: true,
  loaded: day(9),
  isClearedSince: false,
  whole: day(4),
  ...change,
});
const wanted = { logicalDate: day(10), fullEveryDays: 7, full: false };
const full = (because: unknown) => ({ since: null, mode: 'rebuild', because });

test('a run goes on from the newest date that is loaded before its own', () => {
  expect(decide(wanted, [state()])).toEqual({ since: day(9), mode: 'upsert' });
});

test('of several tables, the one that is furthest behind decides for all', () => {
  const tables = [state(), state({ loaded: day(6) }), state({ loaded: day(8) })];
  expect(decide(wanted, tables)).toEqual({ since: day(6), mode: 'upsert' });
});

test('a full pass is made where it is asked for', () => {
  expect(decide({ ...wanted, full: true }, [state()])).toEqual(full('it was asked for'));
});

test.each<[string, Partial<TableState>, RegExp]>([
  ['nothing was loaded before', { loaded: undefined, whole: undefined }, /no earlier date of g.issues is loaded whole/],
  ['all that was loaded before are changes', { whole: undefined }, /no earlier date of g.issues is loaded whole/],
  ['the run that loaded it was cleared since', { isClearedSince: true }, /the run of 2026-11-09T00:00:00Z was cleared/],
  ['a table lacks a column, or is gone', { isAsDeclared: false }, /g.issues does not exist, or is not as declared/],
  [
    'the last full pass is as many days ago',
    { whole: day(3) },
    /the last one of g.issues was for 2026-11-03T00:00:00Z/,
  ],
])('a full pass is made of all tables where of one %s', (_, change, because) => {
  expect(decide(wanted, [state(), state(change)])).toEqual(full(expect.stringMatching(because)));
});

test('over any days that run, each goes on from the one before, and full passes are as far apart as they may be', () => {
  const someDays = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 });
  fc.assert(
    fc.property(someDays, fc.integer({ min: 1, max: 9 }), (days, fullEveryDays) => {
      let before: { day: number; whole: number } | undefined;
      for (const today of days.toSorted((a, b) => a - b)) {
        const known = { loaded: before && day(before.day), whole: before && day(before.whole) };
        const decision = decide({ logicalDate: day(today), fullEveryDays, full: false }, [state(known)]);
        const goesOn = before !== undefined && today - before.whole < fullEveryDays;
        expect(decision).toMatchObject(goesOn ? { since: known.loaded, mode: 'upsert' } : full(expect.anything()));
        before = { day: today, whole: goesOn && before ? before.whole : today };
      }
    }),
  );
});

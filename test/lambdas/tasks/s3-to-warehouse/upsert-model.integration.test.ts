/** Upsert against the same rules in memory: random sequences of loads with nulls, absences, duplicates and older rows. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { cases } from '../../../worlds/effort.ts';
import { dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';

const TABLE: Table = {
  name: 'loads.rows',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'title', type: 'varchar(20)' },
    { name: 'who_id', type: 'int8' },
    { name: 'who_name', type: 'varchar(20)' },
    { name: 'at', type: 'int4' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'at',
  children: [
    {
      name: 'loads.labels',
      from: ['labels'],
      parent: { row_id: 'id' },
      columns: [
        { name: 'row_id', type: 'int8', notNull: true },
        { name: 'label', type: 'varchar(20)' },
      ],
    },
  ],
};

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(TABLE);
});
afterAll(() => loading.aws.close());

interface Source {
  readonly id: number;
  readonly title?: string | null;
  readonly who?: { readonly id?: number | null; readonly name?: string | null } | null;
  readonly at?: number | null;
  readonly labels?: readonly { readonly label: string }[] | null;
}
interface Stored {
  title: string | null;
  who_id: number | null;
  who_name: string | null;
  at: number | null;
  labels: readonly string[];
}

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });
const text = fc.constantFrom('a', 'b', 'c');
const small = fc.integer({ min: 1, max: 4 });
const who = fc.record({ id: nullable(small), name: nullable(text) }, { requiredKeys: [] });
const source = fc.record(
  {
    id: small,
    title: nullable(text),
    // An object without fields says nothing: it is as if it were absent.
    who: nullable(who),
    at: nullable(small),
    labels: nullable(fc.array(fc.record({ label: text }), { maxLength: 2 })),
  },
  { requiredKeys: ['id'] },
) as fc.Arbitrary<Source>;

/** Applies a load to what is stored. */
function apply(stored: Map<number, Stored>, load: readonly Source[]): void {
  for (const id of new Set(load.map((row) => row.id))) {
    const counting = load.filter((row) => row.id === id).reduce((best, row) => (isBelow(row.at, best.at) ? best : row));
    const before = stored.get(id);
    if (before && isBelow(counting.at, before.at)) continue;
    stored.set(id, merged(before, counting));
  }
}

const isBelow = (one: number | null | undefined, other: number | null | undefined) => (one ?? 0) < (other ?? 0);

function merged(before: Stored | undefined, { title, who: by, at, labels }: Source): Stored {
  const or = <T>(value: T | undefined, stored: T | null | undefined): T | null =>
    value === undefined ? (stored ?? null) : value;
  return {
    title: or(title, before?.title),
    who_id: by === null ? null : or(by?.id, before?.who_id),
    who_name: by === null ? null : or(by?.name, before?.who_name),
    at: or(at, before?.at),
    labels: labels === undefined ? (before?.labels ?? []) : (labels ?? []).map(({ label }) => label),
  };
}

async function inTheTables(): Promise<Map<number, Stored>> {
  const labels = await loading.aws.query('SELECT row_id, label FROM loads.labels');
  const rows = await loading.aws.query('SELECT id, title, who_id, who_name, at FROM loads.rows');
  const of = (id: unknown) => labels.flatMap(({ row_id, label }) => (row_id === id ? [String(label)] : [])).sort();
  return new Map(rows.map(({ id, ...row }) => [Number(id), { ...row, labels: of(id) } as unknown as Stored]));
}

const sorted = (stored: ReadonlyMap<number, Stored>) =>
  [...stored].map(([id, row]) => ({ id, ...row, labels: [...row.labels].sort() })).sort((a, b) => a.id - b.id);

test('whatever is loaded in whatever order, the tables hold what the rules say', async () => {
  const loads = fc.array(fc.array(source, { maxLength: 8 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(loads, async (sequence) => {
      await loading.clear('loads.rows', 'loads.labels');
      const model = new Map<number, Stored>();
      for (const [at, records] of sequence.entries()) {
        apply(model, records);
        await loading.pass(dayOf(at + 1), 'upsert', records);
        expect(sorted(await inTheTables())).toEqual(sorted(model));
      }
    }),
    { numRuns: cases({ daily: 4, deep: 24 }) },
  );
});

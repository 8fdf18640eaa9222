/**
 * Random DAGs, run and rerun: with the real begin, end and runtime on the embedded Step Functions, against a reference. For
 * a longer look, or another:
 *
 *   SLUICE_CASES=10000 SLUICE_SEED=7 npx vitest run test/lib/asl/rerun
 */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Clearing } from '#lib/contract/begin-event.ts';
import { cases } from '../../worlds/effort.ts';
import { PARAMS, randomGraph } from '../../worlds/random-graphs.ts';
import { expectedRerun, type Past } from '../../worlds/rerun-reference.ts';
import { rerunWorld } from '../../worlds/rerun-world.ts';

const CASES = Number(process.env['SLUICE_CASES'] ?? cases({ daily: 10, deep: 300 }));
const SEED = Number(process.env['SLUICE_SEED'] ?? 20_261_127);

vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
});

interface Wish {
  readonly isFailed: boolean;
  readonly tasks: readonly number[];
  readonly isOnly: boolean;
  readonly isUpstream: boolean;
  readonly keep: readonly number[];
}
const wish: fc.Arbitrary<Wish> = fc.record({
  isFailed: fc.boolean(),
  tasks: fc.array(fc.nat(39), { maxLength: 3 }),
  isOnly: fc.nat(3).map((n) => n === 0),
  isUpstream: fc.nat(3).map((n) => n === 0),
  keep: fc.array(fc.nat(39), { maxLength: 3 }),
});

/** What is asked for, of what there is. */
function clearingOf(
  ids: readonly string[],
  { statuses }: Past,
  { isFailed, isOnly, isUpstream, ...by }: Wish,
): Clearing {
  const at = (places: readonly number[]) => [...new Set(places.map((place) => ids[place % ids.length] ?? ''))];
  const tasks = at(by.tasks);
  const keep = at(by.keep).filter((id) => !tasks.includes(id) && statuses[id] === 'success');
  return {
    ...((isFailed || tasks.length === 0) && { failed: true as const }),
    ...(tasks.length > 0 && { tasks }),
    ...(isOnly && { only: true as const }),
    ...(isUpstream && { upstream: true as const }),
    ...(keep.length > 0 && { keep }),
  };
}

test(`in ${CASES} random DAGs a run and its reruns come to what the rules say, and do the work that they say`, async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, fc.array(wish, { minLength: 1, maxLength: 3 }), async ({ graph, runs }, wishes) => {
      const carryOut = rerunWorld(graph, PARAMS);
      const ids = graph.tasks.map(({ id }) => id);
      let past: Past | undefined;
      for (const [at, outcomes] of runs.slice(0, wishes.length + 1).entries()) {
        const clear = past && clearingOf(ids, past, wishes[at - 1] as Wish);
        const expected = expectedRerun({ graph, past, wish: clear, outcomes, params: PARAMS });
        const { record, worked } = await carryOut(clear ? { clear } : { params: PARAMS }, outcomes);
        expect({ ...record.tasks }).toEqual(expected.statuses);
        expect(record.state).toBe(expected.run);
        expect(worked.toSorted()).toEqual(expected.worked.toSorted());
        expect(record.clearing).toBe(at + 1);
        past = expected;
      }
    }),
    { seed: SEED, numRuns: CASES },
  );
});

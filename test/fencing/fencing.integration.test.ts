/**
 * Whatever is cut off, doubled, late or lost: after the retries the tables are those of the undisturbed run, the record
 * is closed and the slot is free. A seed that fails is run alone by `FENCING_SEED=<seed> npx vitest run test/fencing`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { portionOf } from '../worlds/effort.ts';
import { ENGINE } from '../worlds/warehouse-aws.ts';
import { Machine, type Plan } from './machine.ts';
import { combination } from './random-plan.ts';
import { MODES, type Mode, openWorld, STEPS, type World } from './world.ts';

const DAY = { logicalDate: '2026-11-18' };
const NEXT = { logicalDate: '2026-11-19' };

/** Modes differ in statements of one transaction: calls are cut in one mode, combinations are of all. */
const CUT_MODE = MODES.at(-1) ?? 'rebuild';

/** What begins a transaction. */
const BATCH = ENGINE === 'redshift' ? 'BatchExecuteStatementCommand' : 'BEGIN';

let world: World;
let machine: Machine;
/** The tables of the undisturbed runs. */
const expected = new Map<Mode, Record<'day' | 'next', string[]>>();
let mode: Mode;
/** More than the end of a run makes: what is cut behind its last call is not cut. */
const MOST_CALLS_OF_END = 16;
/** The calls of each step's undisturbed attempt, by name. */
let calls: Machine['calls'];

beforeAll(async () => {
  world = await openWorld();
  for (const one of MODES) {
    await restart(one);
    await runDay();
    const day = await world.tables();
    await runNext();
    expected.set(one, { day, next: await world.tables() });
    calls = machine.calls;
  }
});
afterAll(() => world.close());
beforeEach(() => restart());

async function restart(one: Mode = CUT_MODE) {
  mode = one;
  await world.restart(mode);
  machine = new Machine(world);
  world.setDay(18);
}

const runDay = (plan?: Plan, name = 'one') => machine.execute(name, DAY, plan);
const runNext = (plan?: Plan) => {
  world.setDay(19);
  return machine.execute('next', NEXT, plan);
};

/** What is not as after the undisturbed run. */
async function problems(of: 'day' | 'next' = 'day'): Promise<string[]> {
  await machine.wake();
  const [tables, right] = [await world.tables(), expected.get(mode)?.[of] ?? []];
  const wrong =
    JSON.stringify(tables) === JSON.stringify(right) ? [] : [`${tables.join('; ')} instead of ${right.join('; ')}`];
  for (const runId of of === 'day' ? ['20261118T000000Z'] : ['20261118T000000Z', '20261119T000000Z']) {
    const state = (await world.record(runId))?.['state'];
    if (state !== 'success') wrong.push(`the record of ${runId} is ${state}`);
  }
  wrong.push(...(await world.dangling()).map((key) => `a manifest names ${key}, which is not there`));
  const slots = await world.slots();
  if (JSON.stringify([slots?.['active'], slots?.['waiting']]) !== '[[],[]]')
    wrong.push(`slots: ${JSON.stringify(slots)}`);
  return wrong;
}
const undisturbed = async (of: 'day' | 'next' = 'day') => expect(await problems(of)).toEqual([]);

test('the undisturbed run loads every row, and each step makes calls that can be cut', async () => {
  for (const { day, next } of expected.values()) {
    expect(day.map((line) => line.split(' ')[0]).join(' ')).toMatch(/^(assignee ){4}(count ){3}issue( issue){4}$/);
    expect(next).toEqual(expect.arrayContaining(day.filter((line) => line.startsWith('count'))));
    expect(next).not.toEqual(day);
  }
  expect(Object.keys(calls).sort()).toEqual([...STEPS].sort());
  expect(calls.load?.filter((name) => name === BATCH).length).toBeGreaterThan(2);
});

test.each([
  ['dies before', 'before'],
  ['dies after', 'after'],
  ['stands still before, and goes on after its retry,', 'asleep'],
] as const)('a process that %s any of its calls', async (_, what) => {
  const most = Math.max(...STEPS.map((step) => calls[step]?.length ?? 0));
  const all = Array.from({ length: most }, (_, n) => n + 1);
  const found: string[] = [];
  // The n-th call of every step is cut in one world: what a step suffers is over before the next one begins.
  for (const call of portionOf(all, Math.ceil(most / 10))) {
    await restart();
    const faults = Object.fromEntries(STEPS.map((step) => [step, [{ call, what }]]));
    const outcome = await runDay({ faults, wakes: 'after its retry' }).then(
      () => problems(),
      (error: Error) => [String(error)],
    );
    found.push(
      ...outcome.map(
        (problem) => `call ${call} (${STEPS.map((step) => `${step}: ${calls[step]?.[call - 1]}`)}): ${problem}`,
      ),
    );
  }
  expect(found).toEqual([]);
});

/** What the network, events and people do to executions. */
const EVENTS: Record<string, () => Promise<unknown>> = {
  'the answer of every call is lost, and the SDK sends it again': () =>
    runDay({ faults: Object.fromEntries(STEPS.map((step) => [step, [{ call: 'every', what: 'doubled' }]])) }),
  'the extract stops after each page, for its time ends': () => runDay({ hurried: 3 }),
  'two executions of one date at once': async () => {
    const carriedOut = await Promise.all([runDay({}, 'one'), runDay({}, 'two')]);
    expect(carriedOut.toSorted()).toEqual([false, true]);
  },
  'another execution of the date at each step of the first': () =>
    runDay({
      meanwhile: async (step) =>
        void (step !== 'begin' && step !== 'end' && expect(await runDay({}, `beside ${step}`)).toBe(false)),
    }),
  'the end comes twice': () => runDay({ ends: 2 }),
  'the end comes again when the next run has the slot': async () => {
    await runDay();
    await runNext({ meanwhile: () => machine.end('one') });
  },
  'the end is lost; another execution of the date resumes and closes the run': async () => {
    await runDay({ ends: 0 });
    expect(await runDay({}, 'two')).toBe(true);
  },
  'the end is late: the next run begins before it': async () => {
    await runDay({ ends: 0 });
    await runNext({ meanwhile: (step) => (step === 'load' ? machine.end('one') : Promise.resolve()) });
  },
};

test.each(Object.entries(EVENTS))('%s', async (name, happen) => {
  await happen();
  await undisturbed(/next run/.test(name) ? 'next' : 'day');
});

test('an execution that was stopped goes on in a process which nobody hears of: what ran after it stays', async () => {
  const batches = (calls.load ?? []).flatMap((name, at) => (name === BATCH ? [at + 1] : []));
  for (const call of batches) {
    await restart();
    const faults = { load: [{ call, what: 'asleep' }] } as const;
    expect(await runDay({ faults, wakes: 'after the next run', isStopped: true })).toBe(false);
    world.setDay(20);
    expect(await machine.execute('two', { ...DAY, clear: 'all' }, { wakes: 'after the next run' })).toBe(true);
    const tables = (await world.tables()).filter((line) => !line.startsWith('left'));
    await machine.wake();
    expect(await world.tables(), `the load stood still before call ${call}`).toEqual(tables);
    expect((await world.record('20261118T000000Z'))?.['state']).toBe('success');
  }
});

test('the end of a run that failed, cut at any of its calls, is told, closes the record and frees the slot', async () => {
  const numbers = Array.from({ length: MOST_CALLS_OF_END }, (_, n) => n + 1);
  for (const [call, what] of numbers.flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const])) {
    await restart();
    world.start('one');
    await machine.step('begin', world.beginEvent('one', DAY), {});
    world.stop('one', 'ABORTED');
    const told = world.mails.length;
    await machine.end('one', { faults: { end: [{ call, what }] } });
    expect(world.mails.length - told, `cut ${what} call ${call}`).toBeOneOf([1, 2]);
    expect((await world.record('20261118T000000Z'))?.['state']).toBe('failed');
    expect(await world.slots()).toMatchObject({ active: [], waiting: [] });
  }
  expect(calls.end?.length).toBeLessThan(MOST_CALLS_OF_END);
});

const SEED = process.env['FENCING_SEED'];
const SEEDS = Array.from({ length: 100 }, (_, n) => n + 1);
const seeds = SEED === undefined ? portionOf(SEEDS, 10) : [Number(SEED)];

test(`${seeds.length} combinations of faults, from seed ${seeds[0]}`, async () => {
  const found: string[] = [];
  for (const seed of seeds) {
    await restart(MODES[seed % MODES.length]);
    const { day, next } = combination(seed, calls);
    const outcome = await (async () => {
      await runDay(day);
      if (next) await runNext(next);
      return problems(next ? 'next' : 'day');
    })().catch((error: Error) => [String(error)]);
    found.push(...outcome.map((problem) => `seed ${seed}, ${mode}, ${JSON.stringify({ day, next })}: ${problem}`));
  }
  expect(found).toEqual([]);
});

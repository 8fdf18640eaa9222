import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Claim, endClaims, nameOf } from '#lambdas/warehouse/claims.ts';
import type { Mode } from '#lambdas/warehouse/plan.ts';
import { loadRowInto, type RowLoad } from '../../worlds/load-row.ts';
import { openWarehouseAws, type WarehouseAws } from '../../worlds/warehouse-aws.ts';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
});
afterAll(() => aws.close());

const nothing = async () => {};

const loadRow = (table: string, meanwhile: (claim: Claim) => Promise<unknown>, how: RowLoad = {}) =>
  loadRowInto(aws, table, { meanwhile, ...how });

const tables = (name: string) =>
  aws.query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'loads' AND table_name = '${name}'`);
const claims = (table: string) =>
  aws.query(`SELECT clearing, n FROM sluice.claims WHERE task_id = 'load_${table}' ORDER BY clearing, n`);

test('once a stop has ended the claims of a clearing, no attempt of it commits, and the next clearing does', async () => {
  const stop = ({ dagId, runId, clearing }: Claim) =>
    endClaims(aws.warehouse, aws.warehouse.dialect, { dagId, runId, clearing });
  const refused = { name: 'Sluice.Transient', message: expect.stringContaining('took over') };
  await expect(loadRow('stopped', stop, { day: '21' })).rejects.toMatchObject(refused);
  // Of another task of the run, which had not claimed by then.
  await expect(loadRow('stopped_later', nothing, { day: '21' })).rejects.toMatchObject(refused);
  expect(await tables('stopped')).toEqual([]);
  expect(await loadRow('stopped', nothing, { day: '21', clearing: 2 })).toMatchObject({ rows: 1 });
  expect(await loadRow('other_run', nothing, { day: '22' })).toMatchObject({ rows: 1 });
});

test('an attempt whose claim a later one took over changes nothing and leaves nothing', async () => {
  let staging = '';
  const later = (claim: Claim) => {
    const { dagId, runId, task } = claim;
    staging = `stage_${nameOf(claim)}_0`;
    return aws.sql(
      `INSERT INTO sluice.claims VALUES ('${dagId}', '${runId}', '${task}', 2, 1, ${aws.warehouse.dialect.now})`,
    );
  };
  await expect(loadRow('overtaken', later)).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining("a later attempt of task 'load_overtaken' took over"),
  });
  expect(await tables('overtaken')).toEqual([]);
  expect(await aws.query(`SELECT 1 AS one FROM information_schema.tables WHERE table_name = '${staging}'`)).toEqual([]);
});

test('a newer date that was loaded in the meantime stays', async () => {
  const newer = () =>
    aws.sql(`INSERT INTO sluice.loads VALUES ('loads.outdated', 'd', '20261120T000000Z', 'load', 1, 1,
      '2026-11-20 00:00:00', '2026-11-20 00:00:00', 'rebuild', 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, ${aws.warehouse.dialect.now})`);
  await expect(loadRow('outdated', newer)).rejects.toMatchObject({ name: 'Sluice.NoSnapshot' });
  expect(await tables('outdated')).toEqual([]);
});

test('the same date of another task, and newer dates of other tables, do not stand in the way', async () => {
  await aws.sql(`INSERT INTO sluice.loads VALUES ('loads.other', 'd', '20261120T000000Z', 'load', 1, 1,
      '2026-11-20 00:00:00', '2026-11-20 00:00:00', 'rebuild', 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, ${aws.warehouse.dialect.now})`);
  expect(await loadRow('free', nothing)).toEqual({ rows: 1, childRows: 0 });
});

test('an attempt that was cut off is taken up under its own claim, and its copy is not made twice', async () => {
  const cut = new Error('cut off');
  await expect(loadRow('resumed', () => Promise.reject(cut))).rejects.toBe(cut);
  expect(await claims('resumed')).toEqual([{ clearing: 1, n: 1 }]);
  expect(await loadRow('resumed', nothing)).toEqual({ rows: 1, childRows: 0 });
  expect(await claims('resumed')).toEqual([{ clearing: 1, n: 1 }]);
});

test('a statement that failed is not attached to again: the next attempt has its own', async () => {
  await expect(loadRow('failing', nothing, { row: '"id":"x"' })).rejects.toMatchObject({
    name: 'Sluice.Terminal',
  });
  expect(await claims('failing')).toEqual([
    { clearing: 1, n: 1 },
    { clearing: 1, n: 2 },
  ]);
  expect(await loadRow('failing', nothing)).toEqual({ rows: 1, childRows: 0 });
});

test('two attempts at once load once', async () => {
  const both = await Promise.allSettled([loadRow('doubled', nothing), loadRow('doubled', nothing)]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(await aws.query('SELECT id FROM loads.doubled')).toEqual([{ id: 1 }]);
  expect(await aws.query("SELECT COUNT(*) AS n FROM sluice.loads WHERE table_name = 'loads.doubled'")).toEqual([
    { n: 1 },
  ]);
});

test('a transaction that fails once the old rows are deleted leaves them to be seen', async () => {
  await loadRow('kept', nothing);
  const failed = loadRow('kept', nothing, { row: '"other":2', clearing: 2 });
  await expect(failed).rejects.toMatchObject({
    message: expect.stringContaining('rows do not reconcile in loads.kept'),
  });
  expect(await aws.query('SELECT id FROM loads.kept')).toEqual([{ id: 1 }]);
  expect(await aws.query("SELECT COUNT(*) AS n FROM sluice.loads WHERE table_name = 'loads.kept'")).toEqual([{ n: 1 }]);
});

test('loads of several dates into one new table come one after another, and the newest stays', async () => {
  await aws.sql('CREATE SCHEMA IF NOT EXISTS loads');
  const days = ['17', '18', '19'];
  const loads = days.map((day) => loadRow('raced', nothing, { row: `"id":${day}`, day }));
  const outcomes = await Promise.allSettled(loads);
  expect(outcomes.at(-1)).toMatchObject({ status: 'fulfilled' });
  for (const outcome of outcomes.filter(({ status }) => status === 'rejected')) {
    expect(outcome).toMatchObject({ reason: { name: 'Sluice.NoSnapshot' } });
  }
  expect(await aws.query('SELECT id FROM loads.raced')).toEqual([{ id: 19 }]);
});

/** A warehouse that a load does not live to reach with its transaction: its staging tables are there. */
const untilCommit: WarehouseAws['warehouse'] = {
  get dialect() {
    return aws.warehouse.dialect;
  },
  query: (query) => aws.warehouse.query(query),
  value: (batch) => aws.warehouse.value(batch),
  copy: (batch) => aws.warehouse.copy(batch),
  run: (batch) => (batch.doing.startsWith('Loading') ? Promise.reject(new Error('killed')) : aws.warehouse.run(batch)),
};
/** What stays of a load of a row that is killed. */
async function killed(table: string, how: { clearing?: number; day?: string; mode?: Mode } = {}) {
  const before = await staging();
  await expect(loadRow(table, nothing, { ...how, warehouse: untilCommit })).rejects.toThrow('killed');
  return (await staging()).filter((name) => !before.includes(name));
}
async function staging(): Promise<unknown[]> {
  const sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'sluice' ORDER BY table_name";
  return (await aws.query(sql)).map(({ table_name: name }) => name).filter((name) => String(name).startsWith('stage_'));
}

test('what a killed load left is dropped by the load of the next clearing', async () => {
  const left = await killed('cleared_again');
  expect(left).toHaveLength(1);
  await loadRow('cleared_again', nothing, { clearing: 2 });
  expect(await staging()).not.toEqual(expect.arrayContaining(left));
});

test('and by that of a newer date, but not by that of an older one, nor by that of another table', async () => {
  const left = await killed('dated', { day: '18' });
  await loadRow('dated', nothing, { day: '17' });
  await loadRow('undated', nothing, { day: '19' });
  expect(await staging()).toEqual(expect.arrayContaining(left));
  await loadRow('dated', nothing, { day: '19' });
  expect(await staging()).not.toEqual(expect.arrayContaining(left));
});

test('a date that is appended may still be loaded after a newer one: its tables stay, and its load goes on with them', async () => {
  const left = await killed('appended', { day: '18', mode: 'append' });
  await loadRow('appended', nothing, { day: '19', mode: 'append' });
  expect(await staging()).toEqual(expect.arrayContaining(left));
  expect(await loadRow('appended', nothing, { day: '18', mode: 'append' })).toEqual({ rows: 1, childRows: 0 });
  expect(await staging()).not.toEqual(expect.arrayContaining(left));
});

test('an older load whose tables a newer one drops in the middle changes nothing, and says why', async () => {
  const overtaken = loadRow('crossed', () => Promise.resolve(), {
    day: '18',
    warehouse: {
      ...untilCommit,
      run: aws.warehouse.run,
      copy: async (batch) => {
        await aws.warehouse.copy(batch);
        await loadRow('crossed', nothing, { day: '19', row: '"id":19' });
      },
    },
  });
  await expect(overtaken).rejects.toMatchObject({ name: 'Sluice.NoSnapshot' });
  expect(await aws.query('SELECT id FROM loads.crossed')).toEqual([{ id: 19 }]);
});

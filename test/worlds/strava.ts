/** The pipeline strava-activities, carried out by its handlers on a folder of activities. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Run } from '#lib/contract/envelope.ts';
import { dag, tables } from '#lib/pipelines/strava-activities/dag.ts';
import { startStrava } from '#local/sources/strava/index.ts';
import { carryOut } from './carry-out.ts';
import { someRun } from './events.ts';
import { openWarehouseAws } from './warehouse-aws.ts';

const SECRET = 'strava-secret';
const ROOT = resolve(import.meta.dirname, '../..');

export type StravaPipeline = Awaited<ReturnType<typeof openStravaPipeline>>;

/** @param from the folder; or what is in one of its own at first, to `write` into */
export async function openStravaPipeline(from: string | readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'strava-'));
  const write = (activities: readonly object[]) =>
    writeFileSync(join(folder, 'activities.json'), JSON.stringify(activities));
  write(typeof from === 'string' ? [] : from);
  const aws = await openWarehouseAws();
  aws.describeFunction(tables);
  cpSync(join(ROOT, 'sql/strava-activities'), join(aws.dir, 'sql/strava-activities'), { recursive: true });
  const connections = JSON.parse(process.env['SLUICE_CONNECTIONS'] ?? '{}');
  process.env['SLUICE_CONNECTIONS'] = JSON.stringify({ ...connections, strava: SECRET });
  const strava = await startStrava({ source: typeof from === 'string' ? from : folder });
  aws.setSecret(SECRET, JSON.stringify(strava.connect('strava')));
  const graph = dag.graph();
  const { dagId: _, ...some } = someRun();
  return {
    aws,
    strava,
    write,
    /** The run of an hour. */
    run: (logicalDate: string, params: Run['params'] = {}) => {
      const end = new Date(Date.parse(logicalDate) + 3_600_000).toISOString().replace('.000', '');
      const runId = logicalDate.replaceAll(/[-:]/g, '');
      const dataInterval = { start: logicalDate, end };
      return carryOut(graph, { ...some, dagId: dag.id, runId, logicalDate, dataInterval, params });
    },
    rows: (sql: string) => aws.query(sql),
    close: async () => {
      await strava.close();
      await aws.close();
      rmSync(folder, { recursive: true });
    },
  };
}

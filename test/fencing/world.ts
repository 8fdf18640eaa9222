/**
 * A small pipeline with everything that it touches: see how far its table is loaded, extract a repository's issues, load
 * them with a child table, count.
 * The handlers are the real ones, against the embedded S3, Secrets Manager and Redshift; what Step Functions and
 * EventBridge would do is done here.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Invocation } from '#lambdas/runtime/implement.ts';
import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Table } from '#lib/contract/table.ts';
import { LAYERS, runRecordKey, slotsKey } from '#lib/runs/keys.ts';
import { type Manifest, readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { queryHandler } from '#local/endpoint/query-protocol.ts';
import { AwsError } from '#local/machine/errors.ts';
import { startGitHub } from '#local/sources/github/index.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { BUCKET, openWarehouseAws, WAREHOUSE_SECRET, warehouse } from '../worlds/warehouse-aws.ts';
import { type Fault, interceptCalls, type Life, live } from './mortal.ts';
import { interceptStatements } from './mortal-sessions.ts';

const github = { connection: 'github', type: 'github' } as const;
const ISSUES = 'fenced.issues';
const ASSIGNEES = 'fenced.issue_assignees';
const COUNT = 'fenced.count';
const TABLES = [ISSUES, ASSIGNEES, COUNT];

const declared: Table[] = [
  {
    name: ISSUES,
    columns: [
      { name: 'id', type: 'int8' },
      { name: 'title', type: 'varchar(200)' },
      { name: 'updated_at', type: 'timestamptz' },
    ],
    primaryKey: ['id'],
    incrementalKey: 'updated_at',
    children: [
      {
        name: ASSIGNEES,
        from: ['assignees'],
        parent: { issue_id: 'id' },
        columns: [
          { name: 'issue_id', type: 'int8' },
          { name: 'login', type: 'varchar(50)' },
        ],
      },
    ],
  },
  {
    name: COUNT,
    columns: [
      { name: 'day', type: 'date' },
      { name: 'login', type: 'varchar(50)' },
      { name: 'n', type: 'int8' },
    ],
    primaryKey: ['day', 'login'],
  },
];

const COUNT_SQL = `delete from ${COUNT} where day = cast(:day as date);
insert into ${COUNT} select cast(:day as date), login, count(*) from ${ASSIGNEES} group by login;`;

/** Each way of loading that there is. */
export const MODES = s3ToWarehouse.type.input.shape.mode.options;
export type Mode = (typeof MODES)[number];

/** The tasks in order. */
const TASKS = ['watermark', 'extract', 'load', 'count'] as const;
/** A process that can be cut. */
export type Step = (typeof TASKS)[number] | 'begin' | 'end';
export const STEPS: readonly Step[] = ['begin', ...TASKS, 'end'];
/** Of a step's attempts, in order, what befalls each. */
export type Faults = Partial<Record<Step, readonly Fault[]>>;

type Handler = (event: unknown, invocation?: Invocation) => Promise<unknown>;
/** The functions' code, loaded as a new Lambda environment loads it: nothing is remembered from before. */
async function coldStart(): Promise<Record<Step, Handler>> {
  vi.resetModules();
  const [begin, end, watermark, extract, load, count] = await Promise.all([
    import('#lambdas/run/begin.ts'),
    import('#lambdas/run/end.ts'),
    import('#tasks/warehouse-watermark/handler.ts'),
    import('#tasks/github-repository-to-s3/handler.ts'),
    import('#tasks/s3-to-warehouse/handler.ts'),
    import('#tasks/warehouse-sql/handler.ts'),
  ]);
  return {
    begin: begin.handler,
    end: end.handler,
    watermark: watermark.handler,
    extract: extract.handler,
    load: load.handler,
    count: count.handler,
  };
}

/** What awaits an attempt. */
interface Lot {
  readonly fault: Fault | undefined;
  /** Its time is as good as over when it begins. */
  readonly isHurried: boolean;
}
const HURRIED: Invocation = { getRemainingTimeInMillis: () => 1000 };

export type World = Awaited<ReturnType<typeof openWorld>>;
/** An execution of the machine, as Step Functions keeps it. */
interface Execution {
  status: 'RUNNING' | 'SUCCEEDED' | 'ABORTED';
  output?: string;
}

export async function openWorld() {
  const aws = await openWarehouseAws({ file: ':memory:' });
  const source = join(aws.dir, 'github');
  mkdirSync(join(source, 'org', 'repository'), { recursive: true });
  mkdirSync(join(aws.dir, 'sql'));
  writeFileSync(join(aws.dir, 'sql', 'count.sql'), COUNT_SQL);
  const api = await startGitHub({ source });
  aws.setSecret('github-secret', JSON.stringify({ token: 'ghp_standin', baseUrl: api.url }));
  aws.describeFunction(declared);
  const connections = { github: 'github-secret', [warehouse.connection]: WAREHOUSE_SECRET };
  Object.assign(process.env, { SLUICE_CONNECTIONS: JSON.stringify(connections), SLUICE_TOPIC: 'topic' });

  const executions = new Map<string, Execution>();
  aws.endpoint.handlers.set('states', jsonHandler('states', operationsOf(executions)));
  const mails: unknown[] = [];
  const Publish = (mail: unknown) => ({ MessageId: String(mails.push(mail)) });
  aws.endpoint.handlers.set('sns', queryHandler('sns', { Publish }));
  const store = s3Store({ client: aws.client, bucket: BUCKET });
  const giveBack = interceptCalls();
  const statements = interceptStatements();

  let environment: Promise<Record<Step, Handler>> | undefined;
  let dagId = '';
  let mode: Mode = 'rebuild';
  let worlds = 0;
  /** An execution's name is used once, for ever. */
  const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:Sluice-${dagId}:${name}`;

  /** One attempt of a step, in a warm environment where there is one. */
  async function attempt(step: Step, event: unknown, { fault, isHurried }: Lot): Promise<Life<unknown>> {
    environment ??= coldStart();
    const handler = (await environment)[step];
    const life = await live(() => (isHurried ? handler(event, HURRIED) : handler(event)), fault);
    if (life.end === 'dead' || life.end === 'asleep') environment = undefined;
    return life;
  }

  return {
    mails,
    attempt,
    /** Everything as it is before the first run. */
    async restart(loadedBy: Mode) {
      mode = loadedBy;
      dagId = `fenced-${worlds++}`;
      executions.clear();
      statements.endSessions();
      await aws.sql(
        ...TABLES.map((table) => `DROP TABLE IF EXISTS ${table}`),
        'DROP TABLE IF EXISTS sluice.loads',
        'DROP TABLE IF EXISTS sluice.claims',
        'DROP TABLE IF EXISTS sluice.batches',
      );
    },
    /** What GitHub shows on a day: each day other titles and assignees, one issue less and one more. */
    setDay(day: number) {
      const updated_at = `2026-11-${day}T06:00:00Z`;
      const issue = (id: number) => ({
        id,
        title: `${id} on ${day}`,
        updated_at,
        state: 'open',
        assignees: [...(id % 2 ? [{ login: `p${(id + day) % 3}` }] : []), ...(id % 3 ? [] : [{ login: 'all' }])],
      });
      const lines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      const issues = Array.from({ length: 5 }, (_, n) => issue(n + day));
      writeFileSync(join(source, 'org', 'repository', 'issues.ndjson'), lines(issues));
    },
    start(name: string) {
      executions.set(arn(name), { status: 'RUNNING' });
    },
    stop(name: string, status: 'SUCCEEDED' | 'ABORTED') {
      const output = JSON.stringify(Object.fromEntries(TASKS.map((task) => [task, 'success'])));
      executions.set(arn(name), status === 'SUCCEEDED' ? { status, output } : { status });
    },
    beginEvent: (name: string, input: ExecutionInput) => ({
      execution: arn(name),
      startTime: '2026-11-25T00:00:00Z',
      input,
      pipeline: {
        dagId,
        schedule: '@daily',
        timeZone: 'UTC',
        startDate: '2018-01-05',
        maxActiveRuns: 1,
        snapshot: true,
        tasks: TASKS,
      },
    }),
    endEvent: (name: string) => ({ detail: { executionArn: arn(name) } }),
    /** @param given what the task before it gave */
    taskEvent: (id: Step, run: Run, given: unknown) => ({
      run,
      task: { id, attempt: 1 },
      input: inputOf(id, { run, given, mode }),
    }),
    /** Every table as lines; then loads that are in the books twice, and staging tables that nobody dropped. */
    async tables() {
      const rows = await aws.query(`
        SELECT 'issue ' || id || ' ' || title || ' ' || CAST(updated_at AS varchar) AS line FROM ${ISSUES}
        UNION ALL SELECT 'assignee ' || issue_id || ' ' || login FROM ${ASSIGNEES}
        UNION ALL SELECT 'count ' || CAST(day AS varchar) || ' ' || login || ' ' || n FROM ${COUNT}
        UNION ALL SELECT 'loaded twice: ' || table_name || ' ' || run_id FROM sluice.loads
          GROUP BY table_name, run_id, clearing HAVING COUNT(*) > 1
        UNION ALL SELECT 'left: ' || table_name FROM information_schema.tables
          WHERE table_schema = 'sluice' AND table_name LIKE 'stage%'
        ORDER BY line`);
      return rows.map(({ line }) => String(line));
    },
    /** Files that a manifest in the lake names and that are not there. */
    async dangling() {
      const keys = (await Promise.all(LAYERS.map((layer) => aws.keys(`${layer}/${dagId}/`)))).flat();
      const manifests = keys.filter((key) => key.endsWith('/manifest.json'));
      const named = await Promise.all(manifests.map(async (key) => filesOf(await readManifest(store, key))));
      return named.flat().filter((key) => !keys.includes(key));
    },
    record: async (runId: string) => (await store.read(runRecordKey({ dagId, runId })))?.value,
    slots: async () => (await store.read(slotsKey(dagId)))?.value,
    async close() {
      giveBack();
      statements.giveBack();
      await api.close();
      await aws.close();
    },
  };
}

const filesOf = ({ raw, stage, quarantine }: Manifest): string[] =>
  [raw, quarantine, ...Object.values(stage).map(({ parts }) => parts)].flat().map(({ key }) => key);

function operationsOf(executions: ReadonlyMap<string, Execution>) {
  const found = (executionArn: string) => {
    const execution = executions.get(executionArn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return { executionArn, startDate: new Date(0), stopDate: new Date('2026-11-25T01:00:00Z'), ...execution };
  };
  return {
    DescribeExecution: ({ executionArn }: { executionArn: string }) => found(executionArn),
    GetExecutionHistory: () => ({ events: [] }),
  };
}

function inputOf(step: Step, { run, given, mode }: { run: Run; given: unknown; mode: string }): unknown {
  const issues = { kind: 'lake', dataset: 'issues', table: ISSUES };
  const since = mode === 'upsert' ? (given as { since?: string | null })?.since : null;
  const request = { query: { issues: { per_page: '2', state: 'all' } }, since: { issues: since } };
  const inputs: Partial<Record<Step, object>> = {
    watermark: { connection: warehouse, tables: [ISSUES], fullEveryDays: 7 },
    extract: { connection: github, org: 'org', repository: 'repository', to: { issues }, ...request },
    load: { connection: warehouse, from: given, mode, table: { kind: 'table', dataset: ISSUES } },
    count: {
      connection: warehouse,
      file: 'sql/count.sql',
      params: { day: run.logicalDate.slice(0, 10) },
      table: { kind: 'table', dataset: COUNT },
    },
  };
  return inputs[step];
}

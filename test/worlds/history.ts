/** A state directory of the embedded AWS with runs of a pipeline that ended, as they would have left it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closedKey, ledgerKey, runRecordKey } from '#lib/runs/keys.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import { logicalDateOf, runIdOf } from '#lib/time/run-id.ts';
import { Bucket } from '#local/s3/bucket.ts';

export const DAG_ID = 'daily';
const BUCKET = 'lake';
const DAY_MS = 86_400_000;
const FUNCTION = 'Sluice-daily-step';

/** The run so many days before today. */
export const runBefore = (days: number, now = new Date()): string =>
  runIdOf(new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - days * DAY_MS));

/** Runs of each of the last days; those of every tenth failed in `load`, and skipped `report`. */
export function writeHistory(state: string, runs: number): void {
  writeAssembly(join(state, 'cdk.out'));
  const put = openBucket(state);
  const lines: string[] = [];
  for (let days = runs; days >= 1; days--) {
    const record = recordOf(runBefore(days), days % 10 === 0);
    const etag = put(runRecordKey(record), record);
    const failed = record.state === 'failed' ? 1 : 0;
    put(closedKey(record, etag, [record.state, record.startedAt, record.endedAt, failed, 0].join('~')), {});
    if (!failed) put(ledgerKey(record, { id: 'load', attempt: 1 }), { output: { rows: 7 }, attempt: 1 });
    lines.push(...linesOf(record));
  }
  mkdirSync(join(state, 'logs'), { recursive: true });
  writeFileSync(join(state, 'logs', `${FUNCTION}.log`), lines.map((line) => `${line}\n`).join(''));
  mkdirSync(join(state, 'executions'), { recursive: true });
}

function writeAssembly(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const write = (file: string, content: object) => writeFileSync(join(directory, file), JSON.stringify(content));
  const outputs = (values: object) => ({
    Outputs: Object.fromEntries(Object.entries(values).map(([name, Value]) => [name, { Value }])),
  });
  const dag = JSON.stringify({ dagId: DAG_ID, schedule: '0 0 * * *', timeZone: 'UTC' });
  const StateMachine = 'arn:aws:states:us-east-1:000000000000:stateMachine:Sluice-daily';
  const platform = { Bucket: BUCKET, Workgroup: 'w', Database: 'd', WarehouseSecret: 's' };
  const step = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: FUNCTION } };
  write('Sluice.template.json', outputs(platform));
  write('Sluice-daily.template.json', {
    ...outputs({ StateMachine, Dag: dag, Connections: '{}', Databases: '[]' }),
    Resources: { Function: step },
  });
  const artifacts = ['Sluice', 'Sluice-daily'].map((name) => [
    name,
    { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } },
  ]);
  write('manifest.json', { version: '55.0.0', artifacts: Object.fromEntries(artifacts) });
}

function openBucket(state: string): (key: string, value: object) => string {
  mkdirSync(join(state, 's3'), { recursive: true });
  const bucket = new Bucket(join(state, 's3'), BUCKET);
  let objects = 0;
  return (key, value) => {
    const text = JSON.stringify(value);
    const path = bucket.temporary();
    writeFileSync(path, text);
    const etag = String(++objects).padStart(32, '0');
    const facts = { size: text.length, etag, modified: '2026-11-19T00:00:00.000Z', headers: {} };
    bucket.put(key, { path, facts }, () => {});
    return `"${etag}"`;
  };
}

function recordOf(runId: string, isFailed: boolean): RunRecord {
  const logicalDate = logicalDateOf(runId);
  const at = (second: number) => new Date(Date.parse(logicalDate) + DAY_MS + second * 1000).toISOString();
  const detail = (second: number) => ({
    attempts: 1,
    startedAt: at(second),
    endedAt: at(second + 1),
    functionName: FUNCTION,
  });
  return {
    dagId: DAG_ID,
    runId,
    logicalDate,
    dataInterval: { start: logicalDate, end: at(0) },
    clearing: 1,
    execution: `arn:aws:states:us-east-1:000000000000:execution:Sluice-daily:${runId}`,
    params: {},
    state: isFailed ? 'failed' : 'success',
    queuedAt: at(0),
    startedAt: at(1),
    endedAt: at(9),
    taskIds: ['extract', 'load', 'report'],
    tasks: {
      extract: 'success',
      load: isFailed ? 'failed' : 'success',
      report: isFailed ? 'upstream_failed' : 'success',
    },
    details: {
      extract: { ...detail(1), rows: 7 },
      load: { ...detail(3), ...(isFailed && { attempts: 2, reason: 'Sluice.Terminal: the disk is full' }) },
      ...(!isFailed && { report: detail(5) }),
    },
    ...(isFailed && { error: 'Sluice.RunFailed', cause: '{}' }),
  };
}

/** Of each task that began: what Lambda, its logger and the console print. */
const linesOf = ({ runId, details = {} }: RunRecord): string[] =>
  Object.entries(details).flatMap(([task, { startedAt }]) => {
    const requestId = `${runId}-${task}`;
    const keys = { pipeline: DAG_ID, run: runId, task, attempt: 1, requestId };
    return [
      `${startedAt} START RequestId: ${requestId} Version: 1`,
      JSON.stringify({ level: 'INFO', message: 'the attempt begins', timestamp: startedAt, ...keys }),
      `${startedAt}\t${requestId}\tINFO\tprinted by ${task}\nin two lines`,
      `${startedAt} REPORT RequestId: ${requestId} Duration: 1.00 ms`,
    ];
  });

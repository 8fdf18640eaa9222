/** Sensors as a person meets them: what is waited for comes while a run waits, or does not. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';
import { exported, freePort } from '../worlds/served.ts';

const project = new Project();
const sluice = project.sluice();
const Bucket = 'partner';

const FILES = {
  'sql/orders/ready.sql': 'select cast(:bytes as int4) > 3',
  'lib/pipelines/daily.ts': `
    import { Dag } from '#sluice';
    import { dateTimeSensor } from '#tasks/date-time-sensor/task.ts';
    export const dag = new Dag('daily', { schedule: '@daily', startDate: '2026-01-01' });
    dag.task('closed', dateTimeSensor({ after: '2h' }));`,
  'lib/pipelines/orders.ts': `
    import { Dag, objects, pipeline, text, use } from '#sluice';
    import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
    import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
    import { sqlSensor } from '#tasks/sql-sensor/task.ts';

    const often = { pokeInterval: '1s', timeout: '1h' } as const;
    const partner = objects('${Bucket}', 'orders/');
    export const orders = new Dag('orders', { schedule: '@daily', startDate: '2026-01-01' });
    const key = text\`orders/\${orders.run.logicalDate}.csv\`;
    const other = orders.task('other', pipelineRunSensor({ pipeline: pipeline('daily') }), often);
    const file = orders.task('file', s3KeySensor({ in: partner, key }), often).after(other);
    const params = { bytes: file.output.bytes };
    orders.task('rows', sqlSensor({ connection: use('redshift', 'warehouse'), file: 'sql/orders/ready.sql', params }));
    const extra = s3KeySensor({ in: partner, key: 'orders/extra.csv' });
    orders.task('extra', extra, { ...often, timeout: '1s', softFail: true });

    export const late = new Dag('late', { schedule: '@daily', startDate: '2026-01-01' });
    late.task('never', s3KeySensor({ in: partner, key: 'orders/never.csv' }), { ...often, timeout: '2s' });`,
};

let local: ReturnType<typeof sluice.start>;
let s3: S3Client;
beforeAll(async () => {
  for (const [path, text] of Object.entries(FILES)) project.write(path, text);
  project.list({
    daily: { file: 'daily.ts', dag: 'dag' },
    orders: { file: 'orders.ts', dag: 'orders' },
    late: { file: 'orders.ts', dag: 'late' },
  });
  local = sluice.start('local', '--port', String(await freePort()));
  local.stderr.pipe(process.stderr);
  const env = await exported(local.stdout);
  const credentials = {
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  };
  const endpoint = env['AWS_ENDPOINT_URL'] ?? '';
  s3 = new S3Client({ endpoint, region: env['AWS_REGION'] ?? '', credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  local.kill('SIGINT');
  await once(local, 'close');
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const lines = (stdout: string, task: string) => stdout.split('\n').filter((line) => line.includes(` ${task} `));

test('a run waits for the run of another pipeline and for an object, and goes on once they are there', async () => {
  const orders = sluice.start('run', 'orders', '--date', '2026-11-18');
  const closed = once(orders, 'close');
  let stdout = '';
  orders.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const waitsFor = (task: string) => expect.poll(() => lines(stdout, task)).toHaveLength(1);
  await waitsFor('other');
  const daily = await sluice.json('run', 'daily', '--date', '2026-11-18');
  expect(daily).toMatchObject({ status: 'success', tasks: [{ task: 'closed', looks: 1 }] });
  await waitsFor('file');
  const Key = 'orders/2026-11-18T00:00:00Z.csv';
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'id\n1\n' }));
  expect(await closed).toEqual([0, null]);
  expect(stdout).not.toMatch(/retrying/);
  for (const task of ['other', 'file']) {
    expect(lines(stdout, task)).toEqual([
      expect.stringMatching(new RegExp(`^… waiting +${task} .* 1 look$`)),
      expect.stringMatching(new RegExp(`^✓ success +${task} .* \\d+ looks`)),
    ]);
  }
  expect(lines(stdout, 'rows')).toEqual([expect.stringMatching(/^✓ success +rows .* 1 look$/)]);
  expect(lines(stdout, 'extra').at(-1)).toMatch(/^– skipped +extra .* looks?$/);
  expect(stdout).toMatch(/not there after \d looks? in \d+s: s3:\/\/partner\/orders\/extra\.csv is not there\./);
});

test('a sensor whose time is up fails the run, and says so on the terminal and in the mail', async () => {
  const { code, stdout } = await sluice.run('run', 'late', '--date', '2026-11-18');
  expect(code).toBe(1);
  const told =
    /never.*: Sluice\.SensorTimeout: not there after \d looks? in \d+s: s3:\/\/partner\/orders\/never\.csv is not there\./;
  expect(stdout).toMatch(told);
  expect(stdout).not.toMatch(/retrying/);
  const mails = join(sluice.state, 'mailbox');
  const [mail = ''] = readdirSync(mails).filter((name) => name.includes('late'));
  expect(readFileSync(join(mails, mail), 'utf8')).toMatch(told);
});

/** What sensors may touch, and pipelines that name each other. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Dag, text } from '#lib/dag/index.ts';
import { objects, pipeline, use } from '#sluice';
import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
import { sqlSensor } from '#tasks/sql-sensor/task.ts';
import { stars } from '../../worlds/pipeline-of-tests.ts';
import {
  ofType,
  type Resource,
  refusal,
  rightsOf,
  type Synthesized,
  synthesized,
  type Template,
} from '../../worlds/synthesized.ts';

const file = 'sql/github-to-redshift/commits_per_person.sql';

function waiting(other = 'stars', params: Record<string, string> = { commits: '', logical_date: '', time_zone: '' }) {
  const dag = new Dag('waiting', { schedule: '@daily', startDate: '2026-01-01' });
  const key = text`orders/${dag.run.logicalDate}.csv`;
  const files = ['orders/', 'items/'].map((prefix) =>
    dag.task(`wait-for-${prefix.slice(0, -1)}`, s3KeySensor({ in: objects('partner', prefix), key })),
  );
  dag.task('other', pipelineRunSensor({ pipeline: pipeline(other) })).after(...files);
  dag.task('ask', sqlSensor({ connection: use('redshift', 'warehouse'), file, params }));
  return { dag, tables: [] };
}

let app: Synthesized;
let stack: Template;
let checks: unknown[];
beforeAll(async () => {
  const validate = vi.spyOn(AwsSolutionsChecks.prototype, 'validate');
  app = await synthesized({ pipelines: { ...stars(), waiting: waiting() } });
  checks = validate.mock.results.map(({ value }) => value);
  stack = app.templates['Sluice-waiting'] as Template;
});
afterAll(() => app.remove());

/** Beside logs and the ledger. */
function rights(prefix: string): string[] {
  const [found] = Object.entries(ofType(stack, 'AWS::IAM::Role')).filter(([id]) => id.startsWith(prefix));
  return rightsOf(found?.[1] as Resource).filter((right) => !/ logs:|ledger\//.test(right));
}

test('a sensor of objects may read and list the prefixes that its tasks name, and nothing else of the bucket', () => {
  expect(rights('s3keysensor')).toEqual([
    'Allow s3:GetObject arn:<AWS::Partition>:s3:::partner/items/*',
    'Allow s3:GetObject arn:<AWS::Partition>:s3:::partner/orders/*',
    'Allow s3:ListBucket arn:<AWS::Partition>:s3:::partner if {"StringLike":{"s3:prefix":["items/*","orders/*"]}}',
  ]);
});

test('a sensor of runs may read the run records of the pipeline that it names', () => {
  expect(rights('pipelinerunsensor')).toEqual([
    'Allow s3:GetObject lake/runs/stars/*',
    'Allow s3:ListBucket lake/ if {"StringLikeIfExists":{"s3:prefix":["runs/stars/*"]}}',
  ]);
});

test('security checks find nothing', () => {
  expect(checks).toEqual([{ success: true, violations: [] }]);
});

test('a pipeline that the app does not have is refused, with the task and those that it has', async () => {
  expect(await refusal({ pipelines: { ...stars(), waiting: waiting('star') } })).toBe(
    "DAG waiting cannot be built:\n  - other: 'star' is no pipeline of the app, which has: stars, waiting",
  );
});

test('the SQL of a sensor is checked against its params, and carried by its function', async () => {
  const assets = readdirSync(app.directory).filter((name) => name.startsWith('asset.'));
  expect(assets.filter((name) => existsSync(join(app.directory, name, file)))).toHaveLength(1);
  const pipelines = { ...stars(), waiting: waiting('stars', { logical_date: '', time_zone: '' }) };
  expect(await refusal({ pipelines })).toContain(`ask: ${file} names :commits, which the task does not give`);
});

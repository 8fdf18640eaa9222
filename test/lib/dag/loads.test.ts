import { expect, test } from 'vitest';
import { type Table, tableDeclaration } from '#lib/contract/table.ts';
import { checkLoads } from '#lib/dag/index.ts';
import { raw, table, use } from '#lib/pipelines/connections.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { redshiftWatermark } from '#tasks/redshift-watermark/task.ts';
import { s3ToRedshift } from '#tasks/s3-to-redshift/task.ts';
import { newDag } from '../../worlds/probe.ts';

const warehouse = use('redshift', 'wh');
const bare: Table = { name: 'a.issues', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] };
const keyed: Table = { ...bare, incrementalKey: 'id' };

function check(declared: Table, how: 'upsert' | 'rebuild' | 'told') {
  const dag = newDag();
  const to = raw('issues', { table: declared.name });
  const from = dag.task('extract', githubToS3({ connection: use('github', 'gh'), object: 'members', org: 'o', to }));
  const watermark = redshiftWatermark({ connection: warehouse, tables: [declared.name], fullEveryDays: 7 });
  const mode = how === 'told' ? dag.task('watermark', watermark).output.mode : how;
  const into = { connection: warehouse, table: table(declared.name) };
  dag.task('load', s3ToRedshift({ ...into, from: from.output, mode }));
  return () => checkLoads(dag.graph(), [tableDeclaration.parse(declared)]);
}

test.each(['upsert', 'told'] as const)('a load by %s needs an incrementalKey, and is refused without', (how) => {
  expect(check(bare, how)).toThrow('load: upserts a.issues, whose declaration in tables.ts says no incrementalKey');
  expect(check(keyed, how)).not.toThrow();
});

test('a load that replaces all rows needs none', () => {
  expect(check(bare, 'rebuild')).not.toThrow();
});

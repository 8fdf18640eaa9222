import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ofType, type Synthesized, synthesized } from '../../worlds/synthesized.ts';

let app: Synthesized;
let results: unknown[];
beforeAll(async () => {
  const validate = vi.spyOn(AwsSolutionsChecks.prototype, 'validate');
  app = await synthesized();
  results = validate.mock.results.map(({ value }) => value);
});
afterAll(() => app.remove());

test('the app is held against AwsSolutions, which finds nothing', () => {
  expect(results).toEqual([{ success: true, violations: [] }]);
});

const rules = () =>
  Object.entries(app.acknowledged).flatMap(([path, ids]) =>
    Object.entries(ids).map(([id, reason]) => ({ path, id, reason })),
  );

test('each acknowledgement has a reason and is about one resource, never a stack', () => {
  const stacks = Object.keys(app.templates).map((name) => `/${name}`);
  expect(rules().filter(({ path, reason }) => stacks.includes(path) || reason.length < 30)).toEqual([]);
});

test('no managed policy is acknowledged, nor is one used', () => {
  expect(rules().filter(({ id }) => id.includes('IAM4'))).toEqual([]);
  const roles = Object.values(app.templates).flatMap((template) => Object.values(ofType(template, 'AWS::IAM::Role')));
  expect(roles.filter(({ Properties }) => Properties.ManagedPolicyArns)).toEqual([]);
});

test('wildcards of task roles are prefixes of datasets, the ledger, and Data API calls without a resource type', () => {
  const wildcards = rules().filter(
    ({ path, id }) => id.includes('IAM5') && /^\/Sluice-github-to-redshift\/[\w-]+\/Role$/.test(path),
  );
  const dataset =
    /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:s3:::<PlatformBucket>\/(ledger|raw|stage|quarantine)\/github-to-redshift\/([\w.-]+\/)?\*\]$/;
  const strange = wildcards.filter(({ id }) => !dataset.test(id) && id !== 'AwsSolutions-IAM5[Resource::*]');
  expect(strange).toEqual([]);
  expect(wildcards.length).toBeGreaterThan(10);
  const all = wildcards.filter(({ id }) => id === 'AwsSolutions-IAM5[Resource::*]').map(({ path }) => path);
  expect(all).toEqual([
    '/Sluice-github-to-redshift/warehouse-watermark/Role',
    '/Sluice-github-to-redshift/s3-to-warehouse/Role',
    '/Sluice-github-to-redshift/warehouse-sql/Role',
  ]);
});

test('the one function that runs SQL carries the file that its task names', () => {
  const folder = 'sql/github-to-redshift';
  const code = readdirSync(app.directory).filter((name) => name.startsWith('asset.'));
  const carriers = code.filter((name) => existsSync(join(app.directory, name, folder)));
  expect(carriers).toHaveLength(1);
  expect(readdirSync(join(app.directory, carriers[0] ?? '', folder))).toContain('open_issue_count.sql');
});

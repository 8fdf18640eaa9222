import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { afterAll, expect, test } from 'vitest';
import type { Config } from '#lib/contract/config.ts';
import { type Synthesized, synthesized } from '../../worlds/synthesized.ts';

const apps: Synthesized[] = [];
afterAll(() => {
  for (const app of apps) app.remove();
});

/** What CloudFormation's schemas find in the templates of an app. */
async function findings(config: Config = {}) {
  const app = await synthesized({ config });
  apps.push(app);
  const stackTemplates = Object.keys(app.templates).map((name) => ({
    stackConstructPath: name,
    templatePath: join(app.directory, `${name}.template.json`),
    accountId: '123456789012',
    region: 'us-east-1',
  }));
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  const { violations } = new CloudFormationValidatePlugin().validate({
    templatePaths,
    stackTemplates,
    appConstruct: new App(),
  });
  return violations;
}

/** A parameter that nothing refers to: each pipeline's stack has all that the platform stack gives. */
const UNUSED_PARAMETER = 'W2001';

test('CloudFormation’s schemas find no wrong property', async () => {
  expect((await findings()).filter(({ ruleName }) => ruleName !== UNUSED_PARAMETER)).toEqual([]);
});

test('nor one of Aurora, where two networks have the same condition and a pipeline needs no warehouse', async () => {
  const postgres = { 'strava-database': { aurora: true } } as const;
  const found = await findings({ stages: { default: { pipelines: ['strava-activities'], postgres } } });
  const spared = [UNUSED_PARAMETER, 'W9053'];
  expect(found.filter(({ ruleName }) => !spared.includes(ruleName))).toEqual([]);
});

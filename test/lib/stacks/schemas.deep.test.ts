import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Synthesized, synthesized } from '../../worlds/synthesized.ts';

let app: Synthesized;
beforeAll(async () => {
  app = await synthesized();
});
afterAll(() => app.remove());

test('CloudFormation’s schemas find no wrong property', () => {
  const stackTemplates = Object.keys(app.templates).map((name) => ({
    stackConstructPath: name,
    templatePath: join(app.directory, `${name}.template.json`),
    accountId: '123456789012',
    region: 'us-east-1',
  }));
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  const report = new CloudFormationValidatePlugin().validate({
    templatePaths,
    stackTemplates,
    appConstruct: new App(),
  });
  expect(report.violations).toEqual([]);
});

import { App, CfnResource, Stack } from 'aws-cdk-lib/core';
import { expect, test } from 'vitest';
import { aslWarnings } from '#lib/stacks/asl-warnings.ts';
import { limitResources, limitTemplates, MAX_RESOURCES } from '#lib/stacks/limits.ts';
import { namesOf } from '#lib/stacks/names.ts';

function synth(resources: number): () => unknown {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Sluice-big');
  for (let n = 0; n < resources; n++) new CfnResource(stack, `Topic${n}`, { type: 'AWS::SNS::Topic' });
  limitResources(stack);
  return () => app.synth();
}

test('a stack may have 450 resources, and one more is refused with its name', () => {
  expect(synth(MAX_RESOURCES)).not.toThrow();
  expect(synth(MAX_RESOURCES + 1)).toThrow(/\[Sluice-big\] It has 451 resources, and a stack may have 450/);
});

test('a DAG whose id cannot be the name of a stack and machine is refused', () => {
  const names = namesOf({ stage: 'dev', stages: [], isHere: false });
  expect(names.pipeline('orders')).toBe('Sluice-dev-orders');
  expect(() => names.pipeline('my_orders')).toThrow(
    "'Sluice-dev-my_orders' is not 1 to 80 letters, digits and hyphens",
  );
  expect(() => names.pipeline('x'.repeat(70))).toThrow('Rename the DAG');
});

test('a template that CloudFormation would not take is refused with its stack and size', () => {
  const of = (bytes: number) => {
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Sluice-big');
    new CfnResource(stack, 'Machine', { type: 'AWS::SNS::Topic', properties: { Text: 'x'.repeat(bytes) } });
    return app.synth();
  };
  expect(() => limitTemplates(of(900_000))).not.toThrow();
  expect(() => limitTemplates(of(1_000_000))).toThrow(
    /^The template of Sluice-big has 100\d{4} bytes, and CloudFormation takes 1000000. Split the pipeline into two DAGs.$/,
  );
});

test('what asl-validator finds in a definition is told', () => {
  const lost = { StartAt: 'One', States: { One: { Type: 'Pass', Next: 'Two' } } };
  expect(aslWarnings(lost)).toContainEqual(expect.stringMatching(/^asl-validator: MISSING_TRANSITION_TARGET: /));
  expect(aslWarnings({ StartAt: 'One', States: { One: { Type: 'Succeed' } } })).toEqual([]);
});

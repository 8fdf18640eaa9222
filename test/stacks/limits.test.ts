import { App, CfnResource, Stack } from 'aws-cdk-lib/core';
import { expect, test } from 'vitest';
import { limitResources, MAX_RESOURCES } from '#lib/stacks/limits.ts';
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
  const names = namesOf('dev');
  expect(names.pipeline('orders')).toBe('Sluice-dev-orders');
  expect(() => names.pipeline('my_orders')).toThrow(
    "'Sluice-dev-my_orders' is not 1 to 80 letters, digits and hyphens",
  );
  expect(() => names.pipeline('x'.repeat(70))).toThrow('Rename the DAG');
});

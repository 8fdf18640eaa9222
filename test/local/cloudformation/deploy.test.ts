import { expect, test } from 'vitest';
import type { Declared } from '#local/assembly/resource-types.ts';
import { template } from '#local/assembly/template.ts';
import { deploy } from '#local/cloudformation/deploy.ts';

const stack = (name: string, content: object) => ({ name, template: template.parse(content), assets: new Map() });

test('a stack sees what the stacks before it export', async () => {
  const created: Declared[] = [];
  const stacks = [
    stack('First', {
      Resources: { A: { Type: 'T' } },
      Outputs: { Out: { Value: { Ref: 'A' }, Export: { Name: { 'Fn::Sub': 'First:A' } }, Description: 'what A is' } },
    }),
    stack('Second', { Resources: { B: { Type: 'T', Properties: { of: { 'Fn::ImportValue': 'First:A' } } } } }),
  ];

  const deployed = await deploy(stacks, async (resource) => {
    created.push(resource);
    return { id: `id of ${resource.logicalId}`, attributes: {} };
  });

  expect(created.at(-1)).toEqual({ stack: 'Second', logicalId: 'B', type: 'T', properties: { of: 'id of A' } });
  expect(deployed[0]?.outputs).toEqual([
    { key: 'Out', value: 'id of A', description: 'what A is', exportName: 'First:A' },
  ]);
});

test('what a condition excludes is not created, and its output is not there', async () => {
  const content = {
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { A: { Type: 'T', Condition: 'Never' }, B: { Type: 'T' } },
    Outputs: { A: { Value: { Ref: 'A' }, Condition: 'Never' }, B: { Value: { Ref: 'B' } } },
  };

  const [deployed] = await deploy([stack('App', content)], async ({ logicalId }) => ({
    id: logicalId,
    attributes: {},
  }));

  expect(deployed?.resources.map(({ logicalId }) => logicalId)).toEqual(['B']);
  expect(deployed?.outputs.map(({ key }) => key)).toEqual(['B']);
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its placeholders like this
import { expect, test } from 'vitest';
import { inCreationOrder } from '#local/assembly/order.ts';
import { template } from '#local/assembly/template.ts';

const order = (resources: Record<string, { Properties?: object; DependsOn?: string | string[] }>) => {
  const typed = Object.entries(resources).map(([id, resource]) => [id, { Type: 'AWS::SNS::Topic', ...resource }]);
  const { Resources } = template.parse({ Resources: Object.fromEntries(typed) });
  return inCreationOrder(Resources, (message) => new Error(message));
};

test('what Ref, Fn::GetAtt, Fn::Sub or DependsOn name comes first', () => {
  const resources = {
    a: { Properties: { x: [{ Ref: 'b' }] } },
    b: { Properties: { x: { 'Fn::GetAtt': ['c', 'Arn'] } } },
    c: { Properties: { x: { 'Fn::Sub': 'arn:${d.Arn}' } } },
    d: { DependsOn: 'e' },
    e: {},
  };

  expect(order(resources)).toEqual(['e', 'd', 'c', 'b', 'a']);
});

test('names in the values of Fn::Sub, and names that are no resources, are told apart', () => {
  const resources = { a: { Properties: { x: { 'Fn::Sub': ['${y}${AWS::Region}', { y: { Ref: 'b' } }] } } }, b: {} };

  expect(order(resources)).toEqual(['b', 'a']);
});

test('resources that wait for each other are named', () => {
  const resources = { a: { DependsOn: ['b'] }, b: { Properties: { x: { Ref: 'a' } } } };

  expect(() => order(resources)).toThrow('the resources a → b → a wait for each other');
});

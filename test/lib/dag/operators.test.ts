import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dag } from '../../types/operators.ts';

const docs = readFileSync('docs/task-types.md', 'utf8');

test('the example of the operators is a file that compiles, and a DAG without problems', () => {
  const [, ...example] = readFileSync('test/types/operators.ts', 'utf8').split('\n\n');
  expect(docs).toContain(`\`\`\`ts\n${example.join('\n\n').replace('export ', '')}\`\`\``);
  expect(dag.graph().tasks.map(({ id, type, upstream }) => [id, type, upstream])).toEqual([
    ['start', 'http', []],
    ['wait', 'http-sensor', ['start']],
    ['render', 'bash', ['wait', 'start']],
    ['agree', 'approval', ['render']],
    ['tell', 'email', ['agree']],
  ]);
});

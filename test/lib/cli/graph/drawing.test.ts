import { expect, test } from 'vitest';
import { type Drawing, drawingOfDag, drawingOfMachine } from '#lib/cli/graph/drawing.ts';
import { mermaid } from '#lib/cli/graph/mermaid.ts';
import { compiled, graphOf, statesOf } from '../../asl/machines.ts';

const map = { over: { $ref: ['@params', 'list'] }, maxItems: 5, maxConcurrency: 2 };
const graph = graphOf([
  { id: 'a' },
  { id: 'b', map, upstream: ['a'] },
  { id: 'c', upstream: ['a'] },
  { id: 'done', type: null, upstream: ['b', 'c'] },
]);

const idsOf = ({ nodes }: Drawing): string[] => nodes.flatMap(({ id, inside }) => [id, ...inside.flatMap(idsOf)]);
const edgesOf = ({ edges }: Drawing) =>
  edges.map(({ from, to, isFailure }) => `${from} ${isFailure ? '!' : ''}> ${to}`);

test('the drawing of a DAG has its tasks and their order', () => {
  const drawing = drawingOfDag(graph);
  expect(idsOf(drawing)).toEqual(['a', 'b', 'c', 'done']);
  expect(edgesOf(drawing)).toEqual(['a > b', 'a > c', 'b > done', 'c > done']);
  expect(drawing.nodes.map(({ detail }) => detail)).toEqual(['probe', 'probe, for each item', 'probe', 'empty']);
});

test('the drawing of a machine has every state once, those of branches and items inside of their state', () => {
  const machine = compiled(graph);
  const drawing = drawingOfMachine(machine);
  expect(idsOf(drawing).sort()).toEqual(
    statesOf(machine)
      .map(([name]) => name)
      .sort(),
  );
  const fork = drawing.nodes.find(({ detail }) => detail === 'Parallel');
  expect(fork?.inside.map((branch) => branch.nodes[0]?.id)).toEqual(['b', 'c']);
});

test('the drawing of a machine tells the way of a failure from the others', () => {
  const edges = edgesOf(drawingOfMachine(compiled(graphOf([{ id: 'a' }]))));
  expect(edges).toEqual(['Begin run > a', 'Begin run !> Already run', 'a > Succeeded', 'a !> Failed']);
});

test('a drawing as Mermaid', () => {
  expect(mermaid(drawingOfMachine(compiled(graphOf([{ id: 'a', map }]))), 'TB')).toBe(`flowchart TB
  n1["Begin run<br/>Task"]
  n2(["Already run<br/>Succeed"])
  subgraph n3["a<br/>Map"]
    direction TB
    n7["Item of a<br/>Task"]
    n8(["End of item of a<br/>Succeed"])
    n7 --> n8
  end
  n4{"Join of a<br/>Choice"}
  n5(["Succeeded<br/>Succeed"])
  n6(["Failed<br/>Fail"])
  n1 --> n3
  n1 -.-> n2
  n3 --> n4
  n3 -.-> n6
  n4 --> n5
  n4 --> n6
`);
});

test('what Mermaid would read as its own in a label is escaped', () => {
  const odd: Drawing = { nodes: [{ id: 'say "<b>"', detail: 'x', kind: 'task', inside: [] }], edges: [] };
  expect(mermaid(odd, 'LR')).toBe('flowchart LR\n  n1["say #quot;#lt;b>#quot;<br/>x"]\n');
});

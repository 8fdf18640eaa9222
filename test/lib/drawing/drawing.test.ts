import { expect, test } from 'vitest';
import { COLOURS } from '#lib/drawing/colours.ts';
import { type Drawing, drawingOfDag, drawingOfMachine, withStates } from '#lib/drawing/drawing.ts';
import { mermaid } from '#lib/drawing/mermaid.ts';
import { svg } from '#lib/drawing/svg.ts';
import { compiled, graphOf, statesOf } from '../../worlds/machines.ts';

const map = { over: { $ref: ['@params', 'list'] }, maxItems: 5, maxConcurrency: 2, toleratedFailureCount: 0 };
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

test('what is special about a task of a DAG is told below its id', () => {
  const condition = {
    $op: 'and',
    args: [
      { $op: 'not', args: [{ $ref: ['a', 'ok'] }] },
      { $op: 'gt', args: [{ $ref: ['a', 'rows'] }, 10] },
    ],
  };
  const special = graphOf([{ id: 'b', triggerRule: 'one_failed', when: [condition] }]);
  expect(drawingOfDag(special).nodes[0]?.detail).toBe('probe, one_failed, if not (a.ok) and a.rows > 10');
});

const node = { detail: '', kind: 'task', inside: [] } as const;

test('a drawing as Mermaid', () => {
  const inside = { nodes: [{ ...node, id: 'item' }], edges: [] };
  const drawing: Drawing = {
    nodes: [
      { ...node, id: 'around', kind: 'around', inside: [inside, inside] },
      { ...node, id: 'choice', kind: 'choice', detail: 'Choice' },
      { ...node, id: 'end', kind: 'succeeded' },
    ],
    edges: [
      { from: 'around', to: 'choice', isFailure: false },
      { from: 'choice', to: 'end', isFailure: true },
    ],
  };
  expect(mermaid(drawing, 'TB')).toBe(`flowchart TB
  subgraph n1["around<br/>"]
    direction TB
    n4["item<br/>"]
    n5["item<br/>"]
  end
  n2{"choice<br/>Choice"}
  n3(["end<br/>"])
  n1 --> n2
  n2 -.-> n3
`);
});

test('what Mermaid would read as its own in a label is escaped', () => {
  const odd: Drawing = { nodes: [{ ...node, id: 'say "<b>"', detail: 'x' }], edges: [] };
  expect(mermaid(odd, 'LR')).toBe('flowchart LR\n  n1["say #quot;#lt;b>#quot;<br/>x"]\n');
});

test.for(Object.keys(COLOURS))(
  'a run colours its tasks: %s, in the DAG and wherever the state of the machine lies',
  (state) => {
    const states = new Map([
      ['b', state],
      ['gone', 'failed'],
    ]);
    for (const [drawing, direction] of [
      [drawingOfDag(graph), 'LR'],
      [drawingOfMachine(compiled(graph)), 'TB'],
    ] as const) {
      const text = mermaid(withStates(drawing, states), direction);
      const [, name] = /(n\d+)\["b<br/.exec(text) ?? [];
      expect(text.match(/^ *class .*$/gm)?.map((line) => line.trim())).toEqual([`class ${name} ${state}`]);
      expect(text).toContain(`classDef ${state} fill:${COLOURS[state]?.fill}`);
      const image = svg('x', withStates(drawing, states), direction);
      expect(image.match(/class="\w+ state-\w+"/g)).toEqual([expect.stringContaining(`state-${state}"`)]);
      expect(image).toContain(`.state-${state} { fill: ${COLOURS[state]?.fill};`);
    }
  },
);

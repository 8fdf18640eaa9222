import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { type Drawing, drawingOfDag, drawingOfMachine } from '#lib/drawing/drawing.ts';
import { type Box, type Layout, layoutOf } from '#lib/drawing/layout.ts';
import { svg } from '#lib/drawing/svg.ts';
import { dag } from '#lib/pipelines/github-to-redshift/dag.ts';
import { compiled, edges, statesOf } from '../../worlds/machines.ts';

const github = dag.graph();
const machine = compiled(github);
const diamonds = edges(
  Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`t${n}`, n === 0 ? [] : [`t${n >> 1}`, `t${n >> 2}`]])),
);

const drawings: [string, Drawing, 'LR' | 'TB'][] = [
  ['a DAG', drawingOfDag(github), 'LR'],
  ['a machine', drawingOfMachine(machine), 'TB'],
  ['40 tasks', drawingOfDag(diamonds), 'LR'],
];

test.for(drawings)('nothing of the drawing of %s overlaps or leaves what it is in', ([, drawing, direction]) => {
  check(layoutOf(drawing, direction));
});

function check({ boxes, width, height }: Layout): void {
  for (const [index, box] of boxes.entries()) {
    expect(within(box, { width, height }), box.node.id).toBe(true);
    for (const other of boxes.slice(index + 1))
      expect(overlap(box, other), `${box.node.id}, ${other.node.id}`).toBe(false);
    for (const { x, y, layout } of box.inside) {
      expect(within({ x, y, width: layout.width, height: layout.height }, box), box.node.id).toBe(true);
      check(layout);
    }
  }
}

type Rectangle = Pick<Box, 'x' | 'y' | 'width' | 'height'>;
const within = ({ x, y, width, height }: Rectangle, outer: Pick<Box, 'width' | 'height'>) =>
  x >= 0 && y >= 0 && x + width <= outer.width && y + height <= outer.height;
const overlap = (one: Rectangle, other: Rectangle) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

test('the SVG is well-formed, and has a box for every state and a line for every way', () => {
  const text = svg('A machine', drawingOfMachine(machine), 'TB');
  expect(XMLValidator.validate(text)).toBe(true);
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(text);
  const labels = parsed.svg.text.map((label: { '#text': string }) => label['#text']);
  for (const [name] of statesOf(machine)) expect(labels).toContain(name);
  // Besides: the background.
  expect(parsed.svg.rect).toHaveLength(statesOf(machine).length + 1);
});

test('a label cannot break the SVG', () => {
  const node = { id: 'a < b & "c"', detail: '', kind: 'task', inside: [] } as const;
  expect(XMLValidator.validate(svg('a < b', { nodes: [node], edges: [] }, 'LR'))).toBe(true);
});

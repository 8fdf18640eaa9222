/** Where everything of a drawing lies. What is inside of a node is laid out first, and gives the node its size. */
import { Graph, layout as place } from '@dagrejs/dagre';
import type { Direction, Drawing, Edge, Node } from './drawing.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Layout extends Size {
  readonly boxes: readonly Box[];
  readonly lines: readonly (Edge & { readonly points: readonly Point[] })[];
}

/** A node, from its upper left corner on. */
export interface Box extends Point, Size {
  readonly node: Node;
  /** Side by side below the node's label, each from its own corner in the node. */
  readonly inside: readonly (Point & { readonly layout: Layout })[];
}

/** Pixels of a usual character in the label and in the smaller detail below it. */
const CHARACTER = { label: 7.2, detail: 6 };
const LABEL_HEIGHT = 40;
const GAP = 14;

export function layoutOf({ nodes, edges }: Drawing, direction: Direction): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: direction, nodesep: 18, ranksep: direction === 'LR' ? 44 : 30, marginx: 8, marginy: 8 });
  const boxes = nodes.map((node) => boxOf(node, direction));
  for (const { node, width, height } of boxes) graph.setNode(node.id, { width, height });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  place(graph);
  const { width, height }: Size = graph.graph();
  return {
    width,
    height,
    boxes: boxes.map((box) => {
      const middle: Point = graph.node(box.node.id);
      return { ...box, x: middle.x - box.width / 2, y: middle.y - box.height / 2 };
    }),
    lines: edges.map((edge) => {
      const { points }: { points: Point[] } = graph.edge(edge.from, edge.to);
      return { ...edge, points };
    }),
  };
}

function boxOf(node: Node, direction: Direction): Omit<Box, keyof Point> {
  const inner = node.inside.map((drawing) => layoutOf(drawing, direction));
  const inside = inner.map((layout, index) => ({
    layout,
    x: GAP + inner.slice(0, index).reduce((sum, { width }) => sum + width + GAP, 0),
    y: LABEL_HEIGHT,
  }));
  const label = Math.max(node.id.length * CHARACTER.label, node.detail.length * CHARACTER.detail) + 2 * GAP;
  return {
    node,
    inside,
    width: Math.max(label, ...inside.map(({ x, layout }) => x + layout.width + GAP)),
    height: LABEL_HEIGHT + Math.max(0, ...inner.map(({ height }) => height + GAP)),
  };
}

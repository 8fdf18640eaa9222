import { COLOURS } from './colours.ts';
import { type Direction, type Drawing, isOfRun, type Node } from './drawing.ts';

/** A drawing as a Mermaid flowchart, which GitHub shows in place. */
export function mermaid(drawing: Drawing, direction: Direction): string {
  const counted = { nodes: 0 };
  const lines = [...linesOf(drawing, { counted, direction }), ...(isOfRun(drawing) ? CLASSES : [])];
  return [`flowchart ${direction}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

const CLASSES = Object.entries(COLOURS).map(
  ([state, { fill, stroke }]) => `classDef ${state} fill:${fill},stroke:${stroke},color:#1f2937`,
);

interface Context {
  /** Mermaid's ids are numbered, since those of tasks may hold what it does not allow. */
  readonly counted: { nodes: number };
  readonly direction: Direction;
}

function linesOf({ nodes, edges }: Drawing, context: Context): string[] {
  const names = new Map(nodes.map(({ id }) => [id, `n${++context.counted.nodes}`]));
  return [
    ...nodes.flatMap((node) => nodeLines(node, names.get(node.id) ?? '', context)),
    ...nodes.flatMap(({ id, state }) => (state === undefined ? [] : [`class ${names.get(id)} ${state}`])),
    ...edges.map(({ from, to, isFailure }) => `${names.get(from)} ${isFailure ? '-.->' : '-->'} ${names.get(to)}`),
  ];
}

function nodeLines(node: Node, name: string, context: Context): string[] {
  if (node.inside.length === 0) return [`${name}${shaped(node)}`];
  return [
    `subgraph ${name}["${labelOf(node)}"]`,
    `  direction ${context.direction}`,
    ...node.inside.flatMap((part) => linesOf(part, context)).map((line) => `  ${line}`),
    'end',
  ];
}

const BRACKETS: Readonly<Record<Node['kind'], readonly [string, string]>> = {
  task: ['[', ']'],
  choice: ['{', '}'],
  plain: ['(', ')'],
  succeeded: ['([', '])'],
  failed: ['([', '])'],
  around: ['[[', ']]'],
};

const shaped = (node: Node): string => BRACKETS[node.kind].join(`"${labelOf(node)}"`);
const labelOf = ({ id, detail }: Node): string => `${escaped(id)}<br/>${escaped(detail)}`;
const escaped = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('<', '#lt;');

import { COLOURS } from './colours.ts';
import { type Direction, type Drawing, isOfRun } from './drawing.ts';
import { type Box, type Layout, layoutOf, type Point } from './layout.ts';

const STYLE = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; text-anchor: middle; fill: #1f2937 }
  .detail { font-size: 10px; fill: #6b7280 }
  rect { fill: #ffffff; stroke: #9ca3af; rx: 6px }
  .background { stroke: none }
  .task { fill: #eff6ff; stroke: #3b82f6 }
  .choice { fill: #fefce8; stroke: #ca8a04 }
  .succeeded { fill: #f0fdf4; stroke: #16a34a; rx: 18px }
  .failed { fill: #fef2f2; stroke: #dc2626; rx: 18px }
  .around { fill: #f9fafb; stroke-dasharray: 5 3 }
  path { fill: none; stroke: #6b7280; marker-end: url(#arrow) }
  .failure { stroke: #dc2626; stroke-dasharray: 3 3; opacity: 0.6 }`;

/** After those of the kinds, so that they win. */
const STATES = Object.entries(COLOURS)
  .map(([state, { fill, stroke }]) => `\n  .state-${state} { fill: ${fill}; stroke: ${stroke} }`)
  .join('');

const ARROW =
  '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
  '<polygon points="0,0 8,4 0,8" fill="#6b7280"/></marker>';

/** A drawing as an SVG file that needs nothing else: no script, no font, no style sheet. */
export function svg(title: string, drawing: Drawing, direction: Direction): string {
  const layout = layoutOf(drawing, direction);
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}${isOfRun(drawing) ? STATES : ''}\n</style>`,
    `<defs>${ARROW}</defs>`,
    `<rect class="background" width="${width}" height="${height}"/>`,
    ...linesOf(layout, { x: 0, y: 0 }),
    '</svg>',
    '',
  ].join('\n');
}

function linesOf({ boxes, lines }: Layout, at: Point): string[] {
  return [
    ...lines.map(({ points, isFailure }) => `<path${isFailure ? ' class="failure"' : ''} d="${curve(points, at)}"/>`),
    ...boxes.flatMap((box) => boxLines(box, at)),
  ];
}

function boxLines({ node, inside, x, y, width, height }: Box, at: Point): string[] {
  const corner = { x: at.x + x, y: at.y + y };
  const middle = corner.x + width / 2;
  return [
    `<rect class="${node.kind}${node.state === undefined ? '' : ` state-${node.state}`}" ${placed(corner)} width="${short(width)}" height="${short(height)}"/>`,
    `<text ${placed({ x: middle, y: corner.y + 18 })}>${escaped(node.id)}</text>`,
    `<text class="detail" ${placed({ x: middle, y: corner.y + 32 })}>${escaped(node.detail)}</text>`,
    ...inside.flatMap((part) => linesOf(part.layout, { x: corner.x + part.x, y: corner.y + part.y })),
  ];
}

/** Through the middles between the points, bent towards each point on the way. */
function curve(points: readonly Point[], at: Point): string {
  const [first = at, ...rest] = points.map(({ x, y }) => ({ x: at.x + x, y: at.y + y }));
  const last = rest.at(-1) ?? first;
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    return `Q${xy(point)} ${xy({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return [`M${xy(first)}`, ...bends, `L${xy(last)}`].join(' ');
}

const short = (length: number): string => String(Math.round(length * 10) / 10);
const xy = ({ x, y }: Point): string => `${short(x)},${short(y)}`;
const placed = ({ x, y }: Point): string => `x="${short(x)}" y="${short(y)}"`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

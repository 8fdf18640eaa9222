/** awsQuery: a form goes in (`Action=…&Tags.member.1.Key=…`), XML comes out. */
import { randomUUID } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import { type Answer, errorOf, type Handler, type Operations, operationOf } from './exchange.ts';

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: false });

export function queryHandler(service: string, operations: Operations): Handler {
  return async ({ body, url }) => {
    const form = new URLSearchParams(body.length > 0 ? body.toString() : url.search);
    const action = form.get('Action') ?? '';
    const namespace = { '@_xmlns': `https://${service}.amazonaws.com/doc/${form.get('Version')}/` };
    const metadata = { RequestId: randomUUID() };
    try {
      const output = await operationOf(operations, service, action)(inputOf(form));
      const result = { [`${action}Result`]: asXml(output ?? {}), ResponseMetadata: metadata };
      return xml(200, { [`${action}Response`]: { ...namespace, ...result } });
    } catch (error) {
      const { code, message, status } = errorOf(error);
      const told = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
      return xml(status, { ErrorResponse: { ...namespace, Error: told, ...metadata } });
    }
  };
}

const xml = (status: number, content: object): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: builder.build(content) as string,
});

/** Lists are wrapped in `member`, instants are ISO 8601; undefined is left out. */
function asXml(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map(asXml) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, asXml(inner)]])),
  );
}

type Tree = { [key: string]: Tree | string };

/** `A.member.1.B=x` becomes `{A: [{B: 'x'}]}`, and `A.entry.1.key=k` with `…value=v` the same under A. */
function inputOf(form: URLSearchParams): unknown {
  const tree: Tree = {};
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version') continue;
    const path = name.split('.');
    let at = tree;
    for (const part of path.slice(0, -1)) at = branch(at, part);
    at[path.at(-1) ?? ''] = value;
  }
  return asInput(tree);
}

function branch(at: Tree, part: string): Tree {
  const existing = at[part];
  if (typeof existing === 'object') return existing;
  const made: Tree = Object.create(null);
  at[part] = made;
  return made;
}

function asInput(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const list = tree['member'] ?? tree['entry'];
  if (typeof list === 'object') return Object.values(list).map(asInput);
  return Object.fromEntries(Object.entries(tree).map(([key, inner]) => [key, asInput(inner)]));
}

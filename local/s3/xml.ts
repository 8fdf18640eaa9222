import { XMLParser } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

type Scalar = string | number | boolean;
/** One element's content. A list is the element repeated; undefined is no element. */
export type Xml = Scalar | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Control characters go as references: keys may hold them, and a bare CR would be read back as LF.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SPECIAL = /[&<>"\u0000-\u001f]/g;
const escaped = (text: string) => text.replace(SPECIAL, (c) => ENTITIES[c] ?? `&#${c.charCodeAt(0)};`);

const element = (name: string, content: Xml): string => {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join('');
  return `<${name}>${inner(content)}</${name}>`;
};

const inner = (content: Xml): string =>
  typeof content === 'object'
    ? Object.entries(content)
        .map(([name, child]) => element(name, child))
        .join('')
    : escaped(String(content ?? ''));

/** A whole document of S3's namespace. Errors have none. */
export const document = (root: string, content: Xml): string => {
  const namespace = root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${inner(content)}</${root}>`;
};

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Object' || name === 'Part',
});

/** The content of a request's document under its root element; all leaves are strings. */
export const parseDocument = (text: string, root: string): Record<string, unknown> => {
  try {
    const content = parser.parse(text)[root];
    if (typeof content === 'object') return content;
  } catch (cause) {
    throw Object.assign(malformed(root), { cause });
  }
  throw malformed(root);
};

const malformed = (root: string) => new S3Error('MalformedXML', `The body is not a well-formed <${root}> document.`);

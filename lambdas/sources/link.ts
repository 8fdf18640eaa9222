/** The Link header (RFC 8288), as far as lists need it. */
import { Terminal } from '#lib/contract/errors.ts';
import { excerpt } from './refusals.ts';

/** The URI of one link, after the commas that may stand before it. */
const LINK = /[\s,]*<([^<>]*)>/y;
/** A parameter of a link: its name, and its value in quotes or without. */
const PARAMETER = /\s*;\s*(?:([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+)))?)?/y;
const END_OF_LINK = /\s*(?=,|$)/y;
const END = /[\s,]*$/y;

interface Link {
  readonly uri: string;
  /** By names in lower case; of several with one name the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Where a list goes on after a page: the absolute URL of its one link with the relation `next`.
 * @param header the Link header of the page
 * @param page the page's own URL
 * @throws Terminal where the header is not understood: the list may go on, and nobody knows where
 */
export function nextLink(header: string, page: string): string | undefined {
  const links = parseLinks(header);
  const next = links?.filter(({ parameters }) => hasNext(parameters)).map(({ uri }) => URL.parse(uri, page)?.href);
  const urls = new Set(next);
  if (urls.size > 1 || !next || urls.has(undefined))
    throw new Terminal(
      `The list does not say where it goes on after ${page}: its Link header is '${excerpt(header)}', and one link with ` +
        'rel="next" is expected at most, as RFC 8288 has it. What was read so far is not the whole list.',
    );
  return next[0];
}

/** A link with an anchor is one of another resource. */
function hasNext(parameters: Link['parameters']): boolean {
  // Single quotes are none to the RFC, and `rel*=UTF-8''next` is no relation type; what is meant is plain.
  const relations = [parameters.get('rel'), parameters.get('rel*')]
    .join(' ')
    .toLowerCase()
    .split(/[\s']+/);
  return !parameters.has('anchor') && relations.includes('next');
}

/** Undefined where the header is not written as links are. */
function parseLinks(header: string): Link[] | undefined {
  const links: Link[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (!take(END)) {
    const uri = take(LINK)?.[1];
    if (uri === undefined) return undefined;
    const parameters = new Map<string, string>();
    for (let found = take(PARAMETER); found; found = take(PARAMETER)) {
      const [, name, quoted, token = ''] = found;
      const key = name?.toLowerCase();
      if (key !== undefined && !parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? token);
    }
    if (!take(END_OF_LINK)) return undefined;
    links.push({ uri, parameters });
  }
  return links;
}

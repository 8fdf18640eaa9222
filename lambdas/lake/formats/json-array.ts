import { Transient } from '#lib/contract/errors.ts';

/**
 * The texts of a JSON array's elements, exactly as they stand there: nothing is parsed and written anew, so numbers,
 * escapes and the order of fields stay. Only line ends between tokens go, so that a record is one line.
 *
 * @param source what the text is, for the message: `the answer of https://…`
 * @throws Transient where the text is no array or ends before the array does: a body cut off
 */
export function records(text: string, source: string): string[] {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) !== 0x5b) {
    throw new Transient(`Splitting ${source}: it is no JSON array, it begins with ${excerpt(text.slice(0, 80))}.`);
  }
  const found: string[] = [];
  const end = split(text, start + 1, found);
  if (end !== undefined && skipSpace(text, end + 1) === text.length) return found;
  throw new Transient(
    `Splitting ${source}: ${end === undefined ? 'it ends in the middle' : 'it goes on after the array'}, after ` +
      `${found.length} whole records, at ${excerpt(text.slice(-80))}.`,
  );
}

const BACKSLASH = 0x5c;

/** Collects the elements from `at` on; gives the place of the array's closing bracket, or undefined without one. */
function split(text: string, at: number, into: string[]): number | undefined {
  let depth = 0;
  let from = at;
  for (let i = at; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (depth-- === 0) return close(text.slice(from, i), { at: i, into });
        break;
      case 0x2c: // ,
        if (depth > 0) break;
        into.push(oneLine(text.slice(from, i)));
        from = i + 1;
    }
  }
  return undefined;
}

function close(last: string, { at, into }: { at: number; into: string[] }): number {
  const element = oneLine(last);
  if (element !== '' || into.length > 0) into.push(element);
  return at;
}

function endOfString(text: string, open: number): number {
  let end = open;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (escaped(text, end));
  return end;
}

function escaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}

/** A line end is never inside a JSON string: there it would be escaped. */
const oneLine = (element: string): string => element.trim().replace(/[\r\n]+/g, '');

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

const excerpt = (text: string): string => JSON.stringify(text);

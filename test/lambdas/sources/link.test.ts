import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextLink } from '#lambdas/sources/link.ts';

const PAGE = 'https://api.example.com/lists/1?page=1';
const NEXT = 'https://api.example.com/lists/1?page=2';

test.each([
  ['quoted', `<${NEXT}>; rel="next"`],
  ['unquoted', `<${NEXT}>; rel=next`],
  ['in single quotes', `<${NEXT}>; rel='next'`],
  ['with a character set', `<${NEXT}>; rel*=UTF-8''next`],
  ['behind another parameter', `<${NEXT}>; title="a; \\"b\\", <c>"; rel="next"`],
  ['before another parameter', `<${NEXT}>; rel=next; title*=UTF-8'de'n%c3%a4chste`],
  ['without spaces, in capitals', `<${NEXT}>;REL="NEXT"`],
  ['among other relations', `<${NEXT}>; rel="last  next"`],
  ['after another link', `<https://api.example.com/x,y;z>; rel="prev", <${NEXT}>; rel="next"`],
  ['between empty elements', ` , <${NEXT}> ; rel = "next" ; , `],
  ['relative to the page', '</lists/1?page=2>; rel=next'],
  ['relative to the query', '<?page=2>; rel=next'],
  ['given twice, the same', `<${NEXT}>; rel=next, <?page=2>; rel=next`],
])('a next link %s leads on', (_, header) => {
  expect(nextLink(header, PAGE)).toBe(NEXT);
});

test.each([
  ['', 'nothing'],
  [`<${NEXT}>; rel="last"`, 'another relation'],
  [`<${NEXT}>; rel="nextish"`, 'a longer name'],
  [`<${NEXT}>; title="rel=next"`, 'the text of a title'],
  [`<${NEXT}>; rel="prev"; rel="next"`, 'a second rel, which does not count'],
  [`<${NEXT}>; rel="next"; anchor="/other"`, 'a link of another resource'],
])('%s ends the list: %s', (header) => {
  expect(nextLink(header, PAGE)).toBeUndefined();
});

test.each([
  `${NEXT}; rel="next"`,
  `<${NEXT}; rel="next"`,
  `<${NEXT}>; rel="next`,
  `<${NEXT}> rel="next"`,
  `<${NEXT}>; rel='last next'; title=x`,
  `<${NEXT}>; rel="next" title="x"`,
  `<${NEXT}>; rel=next, <https://api.example.com/lists/1?page=3>; rel=next`,
  '<https://[>; rel=next',
  'next',
])('%s is not understood, and fails', (header) => {
  expect(() => nextLink(header, PAGE)).toThrow(/does not say where it goes on after https:\/\/api\.example\.com/);
});

const uri = fc.webUrl({ withQueryParameters: true }).filter((url) => !/[<>]/.test(url) && URL.canParse(url));
const token = fc.stringMatching(/^[a-z][\w-]{0,8}$/);
const value = fc.oneof(
  token,
  fc.string().map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`),
);
const name = token.filter((text) => !['rel', 'anchor'].includes(text.toLowerCase()));
const parameters = fc.array(
  fc.tuple(name, value).map(([key, given]) => `; ${key}=${given}`),
  { maxLength: 3 },
);
const rel = fc.constantFrom('; rel=next', '; rel="next"', ';rel="next last"', ' ; Rel = next');

test('the next link is found wherever it stands, among whatever other links', () => {
  const others = fc.array(
    fc
      .tuple(uri, parameters, parameters)
      .map(([url, before, after]) => `<${url}>${before.join('')}; rel=other${after.join('')}`),
    { maxLength: 3 },
  );
  const link = fc.tuple(uri, parameters, rel, parameters);
  fc.assert(
    fc.property(others, link, others, (before, [url, first, relation, last], after) => {
      const next = `<${url}>${first.join('')}${relation}${last.join('')}`;
      expect(nextLink([...before, next, ...after].join(', '), PAGE)).toBe(new URL(url).href);
    }),
  );
});

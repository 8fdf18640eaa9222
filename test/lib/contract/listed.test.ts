import { expect, test } from 'vitest';
import { ledgerPointer, listPointer, withListed } from '#lib/contract/listed.ts';

const at = { bucket: 'lake', key: 'ledger/dag/run/1/list.json' };

test('in the place of a list goes where it lies, and how long it is', () => {
  const output = { names: ['a', 'b'], of: { ids: [1], rest: 2 } };
  expect(withListed(output, ['/names', '/of/ids'], at)).toEqual({
    names: { $listed: { ...at, count: 2 } },
    of: { ids: { $listed: { ...at, count: 1 } }, rest: 2 },
  });
  expect(output.names).toEqual(['a', 'b']);
  expect(withListed(['a'], [''], at)).toEqual({ $listed: { ...at, count: 1 } });
});

test('what is no list, or not there, is left as it is', () => {
  for (const output of [{ names: 'a' }, { names: { a: 1 } }, {}, [{ names: ['a'] }], null, 1]) {
    expect(withListed(output, ['/names'], at)).toEqual(output);
  }
});

test('a pointer escapes what has a meaning in it', () => {
  const list = listPointer(['a/b', '~c']);
  expect(ledgerPointer(list)).toBe('/output/a~1b/~0c');
  expect(withListed({ 'a/b': { '~c': [] } }, [list], at)).toEqual({
    'a/b': { '~c': { $listed: { ...at, count: 0 } } },
  });
});

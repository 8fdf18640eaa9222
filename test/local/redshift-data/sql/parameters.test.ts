import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bind, checkParameters } from '#local/redshift-data/sql/parameters.ts';
import { tokenize } from '#local/redshift-data/sql/tokens.ts';

/** Pieces of SQL in which `:x` is no parameter, and those in which it is. */
const hidden = fc.constantFrom("':x'", '":x"', '/* :x */', '-- :x\n', 'a::x', "'it''s :x'", String.raw`'\':x'`);
const shown = fc.constantFrom(':x', '(:x)', 'a=:x', ':x::int', ',:x,', '/**/:x--\n');
const plain = fc.constantFrom('a', '1', '+', '(', ')', '\n', 'select');

describe('Parameters', () => {
  test('are found wherever they are values, and nowhere else', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hidden, shown, plain)), fc.string({ minLength: 1 }), (pieces, value) => {
        const expected = pieces.filter((piece) => !['a', '1', '+', '(', ')', '\n', 'select'].includes(piece));
        const count = expected.filter((piece) => !/^["'/-]/.test(piece) || piece.startsWith('/**/')).length;
        const casts = expected.filter((piece) => piece === 'a::x').length;
        const tokens = tokenize(pieces.join('\n,'));
        const bound = bind(tokens, [{ name: 'x', value }]);
        expect(bound.filter((token, index) => token !== tokens[index])).toHaveLength(count - casts);
        expect(bound.some(({ kind }) => kind === 'parameter')).toBe(false);
      }),
    );
  });

  test('become one string each, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const [token, ...more] = bind(tokenize(':x'), [{ name: 'x', value }]);
        expect([token, more]).toEqual([{ kind: 'text', value, position: 0 }, []]);
      }),
    );
  });

  test.each([
    [['SELECT 1'], ['a'], 'Unused parameters: [a]'],
    [["SELECT ':a'"], ['a'], 'Unused parameters: [a]'],
    [['SELECT :a', 'SELECT :b'], ['a'], 'Missing parameters: [b]'],
    [['SELECT :a'], ['a', 'a'], 'holds a name twice'],
  ])('of %j given as %j are refused', (sqls, names, error) => {
    const parameters = names.map((name) => ({ name, value: '1' }));
    expect(() => checkParameters(sqls, parameters)).toThrow(error);
  });

  test('may each be used by one statement of a batch only', () => {
    const parameters = ['a', 'b'].map((name) => ({ name, value: '1' }));
    expect(() => checkParameters(['SELECT :a', 'SELECT :b'], parameters)).not.toThrow();
  });
});

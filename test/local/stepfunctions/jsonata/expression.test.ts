import { expect, test } from 'vitest';
import { evaluateExpression, expressionIn, expressionProblem } from '#local/stepfunctions/jsonata/expression.ts';
import { fillTemplate } from '#local/stepfunctions/jsonata/template.ts';

const now = new Date(0);
const evaluate = (source: string, input: unknown = null) =>
  evaluateExpression(source, { states: { input: input as null } }, now);

test('only a string that begins with {% and ends with %} is an expression', () => {
  expect(expressionIn('{% $a %}')).toBe('$a');
  expect(expressionIn('{%\n$a\n%}')).toBe('$a');
  for (const literal of [' {% $a %}', '{% $a %} ', '{ $a }', '$a', '']) expect(expressionIn(literal)).toBeUndefined();
});

test('an undefined result is an error, null is not', async () => {
  await expect(evaluate('$states.input.a', {})).rejects.toThrow('returned nothing (undefined).');
  expect(await evaluate('$states.input.a', { a: null })).toBeNull();
});

test('undefined fields of an object that an expression makes are left out', async () => {
  expect(await evaluate('{"a": 1, "b": $states.input.b}', {})).toEqual({ a: 1 });
});

test('a result that JSON cannot hold is an error', async () => {
  for (const source of ['$sum', 'function($x){$x}', '{"f": function($x){$x}}', '/a/']) {
    await expect(evaluate(source)).rejects.toThrow('returned an unsupported result type.');
  }
});

test('JSONata errors keep their code', async () => {
  await expect(evaluate('"a" + 1')).rejects.toThrow(/^threw an error during evaluation\. T2001: /);
});

test('what one expression gives is an ordinary list to the next', async () => {
  const one = await evaluate('$states.input[n > 1].n', [{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(await evaluate('{"same": $states.input}', one)).toEqual({ same: [2, 3] });
  expect(JSON.stringify(Object.getOwnPropertyNames(one))).toBe('["0","1","length"]');
});

test.each([
  '$states.input.a[b = 1].c',
  '$states.input.items^(>price).{"n": name, "all": $}',
  '$states.input.items{kind: $sum(price)}',
  '$map($states.input, function($v, $i) { $v.a & $i })',
  '$x := $states.input; $x'.replace(/^(.*)$/, '($1)'),
  '$states.input ~> |$|{"a": 1}|',
  '[1..3].($ * 2)',
  '$states.context.Execution.Id',
  '$filter($rows, function($row) { $row.ok })[0]',
])('%s is accepted', (source) => {
  expect(expressionProblem(source)).toBeUndefined();
});

test.each([
  ['$', "'$'"],
  ['$.a', "'$'"],
  ['$$.a', "'$$'"],
  ['total', "the unqualified name 'total'"],
  ['order.total', "the unqualified name 'order'"],
  ['$sum(prices)', "the unqualified name 'prices'"],
  ['{"a": b}', "the unqualified name 'b'"],
  ['$states.input.a = b', "the unqualified name 'b'"],
  ['function($x) { y }', "the unqualified name 'y'"],
  ['*', "'*'"],
  ['**.a', "'**'"],
])('%s is refused: Step Functions gives an expression no input document', (source, reference) => {
  expect(expressionProblem(source)).toContain(`uses ${reference} at the top level`);
});

test.each(['$a ?? 1', '$a ?: 1', '1 +', '$f(', '"unclosed'])('%s is refused: it is not JSONata 2.0.6', (source) => {
  expect(expressionProblem(source)).toMatch(/^is not valid JSONata 2\.0\.6: S\d{4}: /);
});

test('a template keeps its literals and replaces its expressions, wherever they are', async () => {
  const places: string[] = [];
  const filled = await fillTemplate(
    { a: [1, '{% x %}', { b: '{% y %}' }], c: null, d: '$x' },
    'Output',
    async (source, at) => {
      places.push(at);
      return source.toUpperCase();
    },
  );
  expect(filled).toEqual({ a: [1, 'X', { b: 'Y' }], c: null, d: '$x' });
  expect(places).toEqual(['Output/a[1]', 'Output/a[2]/b']);
});

import { expect, test } from 'vitest';
import { parseDefinition } from '#local/stepfunctions/definition/parse.ts';
import { definitionOf, LAMBDA, task } from '../../../worlds/local/run-machine.ts';

const end = { Type: 'Pass', End: true };
const refusal = (definition: string): string => {
  try {
    parseDefinition(definition);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};
const refusalOf = (states: Record<string, unknown>, machine = {}) => refusal(definitionOf(states, machine));

test('a definition that is fine is read as it is', () => {
  const machine = parseDefinition(definitionOf({ A: task({ Comment: 'work' }) }, { Comment: 'c', TimeoutSeconds: 60 }));
  expect(machine).toMatchObject({ StartAt: 'A', TimeoutSeconds: 60, States: { A: { Resource: LAMBDA } } });
});

test.each([
  ['no JSON', '{', 'not JSON'],
  ['no object', '[]', 'must be a JSON object'],
  ['too large', JSON.stringify('x'.repeat(1_048_576)), 'more than 1048576 bytes'],
  ['no states', '{"StartAt":"A"}', 'States must be an object with at least one state'],
])('%s is refused', (_, definition, message) => {
  expect(refusal(definition)).toMatch(`InvalidDefinition: `);
  expect(refusal(definition)).toContain(message);
});

test('all problems are told at once, each with its path', () => {
  const text = refusalOf({ A: { Type: 'Pass', Next: 'B', Result: 1 }, C: { Type: 'Task', End: true } });
  expect(text).toContain("the field 'Result' is not a field of this JSONata state at /States/A");
  expect(text).toContain("the field 'Resource' is missing at /States/C");
});

test.each([
  ['a machine without QueryLanguage', definitionOf({ A: end }, { QueryLanguage: undefined })],
  ['a JSONPath machine', definitionOf({ A: end }, { QueryLanguage: 'JSONPath' })],
  ['a JSONPath state', definitionOf({ A: { ...end, QueryLanguage: 'JSONPath' } })],
])('%s is refused by name', (_, definition) => {
  expect(refusal(definition)).toContain('the query language is JSONPath; only JSONata states run here');
  expect(refusal(definition)).toContain('at /States/A');
});

test('a JSONata state runs in a machine that is JSONPath by default', () => {
  expect(refusalOf({ A: { ...end, QueryLanguage: 'JSONata' } }, { QueryLanguage: undefined })).toBe('accepted');
});

test.each([
  ['a missing target', { A: { Type: 'Pass', Next: 'B' } }, "there is no state 'B' at /States/A"],
  ['an unreachable state', { A: end, B: end }, 'the state is not reachable at /States/B'],
  ['neither Next nor End', { A: { Type: 'Pass' } }, 'exactly one of Next and End'],
  ['both Next and End', { A: { Type: 'Pass', Next: 'A', End: true } }, 'exactly one of Next and End'],
  ['End that is not true', { A: { Type: 'Pass', End: false } }, 'must be true at /States/A/End'],
  ['an unknown type', { A: { Type: 'Passs', End: true } }, 'Type must be one of Task, Pass'],
  ['a long name', { ['x'.repeat(81)]: end }, 'at most 80 characters'],
  [
    'a Wait for two things',
    { A: { Type: 'Wait', Seconds: 1, Timestamp: 'x', End: true } },
    'exactly one of Seconds and',
  ],
  ['a number as text', { A: { Type: 'Wait', Seconds: '5', End: true } }, 'must be a number of 0 or more or {% … %}'],
])('%s is refused', (_, states, message) => {
  expect(refusalOf(states)).toContain(message);
});

test.each([
  [{ StartAt: 'Z' }, "there is no state 'Z' at /StartAt"],
  [{ Foo: 1 }, "there is no field 'Foo'"],
  [{ TimeoutSeconds: 0 }, 'must be a positive integer at /TimeoutSeconds'],
])('a machine with %j is refused', (machine, message) => {
  expect(refusalOf({ A: end }, machine)).toContain(message);
});

const map = (set: object, fields = {}) => ({ Type: 'Map', ItemProcessor: set, End: true, ...fields });
const parallel = (...Branches: object[]) => ({ Type: 'Parallel', Branches, End: true });
const inner = (name: string, state: object = end) => ({ StartAt: name, States: { [name]: state } });

test('states inside Parallel and Map are checked too, with their path', () => {
  expect(refusalOf({ P: parallel(inner('A', { Type: 'Pass', Next: 'X' })) })).toContain(
    "there is no state 'X' at /States/P/Branches[0]/States/A",
  );
  expect(refusalOf({ M: map(inner('A', { Type: 'Pass', Foo: 1, End: true })) })).toContain(
    'at /States/M/ItemProcessor/States/A',
  );
  expect(refusalOf({ P: parallel(inner('A'), inner('A')) })).toContain("the state name 'A' is used twice");
});

test.each([
  [
    'an activity',
    { A: task({ Resource: 'arn:aws:states:us-east-1:000000000000:activity:a' }) },
    'NOT_SUPPORTED: activities are not supported',
  ],
  [
    'a callback of a bare function',
    { A: task({ Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f.waitForTaskToken' }) },
    'INVALID_TASK_RESOURCE',
  ],
  ['no ARN', { A: task({ Resource: 'lambda' }) }, "'lambda' is neither a function's ARN nor"],
])('%s is refused instead of ignored', (_, states, message) => {
  expect(refusalOf(states)).toContain(message);
});

test.each([
  ['an expression that is not JSONata', '{% 1 + %}', 'is not valid JSONata 2.0.6'],
  ['an unqualified name', '{% total %}', "uses the unqualified name 'total' at the top level"],
])('%s is refused, with its place', (_, expression, message) => {
  const text = refusalOf({ A: { ...end, Output: { rows: [expression] } } });
  expect(text).toContain(message);
  expect(text).toContain('at /States/A/Output/rows[0]');
});

test.each([
  ['no name', { '1a': 1 }, "'1a' is not a variable name"],
  ['the reserved name', { states: 1 }, "'states' is reserved"],
])('a variable with %s is refused', (_, Assign, message) => {
  expect(refusalOf({ A: { ...end, Assign } })).toContain(message);
});

test('a branch may not assign a variable that the machine has assigned before', () => {
  const assigning = parallel(inner('In', { ...end, Assign: { a: 2 } }));
  const text = refusalOf({ Set: { Type: 'Pass', Assign: { a: 1 }, Next: 'P' }, P: assigning });
  expect(text).toContain("'a' is a variable of an outer scope at /States/P/Branches[0]/States/In");
  const later = { P: { ...assigning, End: undefined, Next: 'Set' }, Set: { ...end, Assign: { a: 1 } } };
  expect(refusalOf(later)).toBe('accepted');
});

test.each([
  [{ ErrorEquals: [] }, 'must name at least one error'],
  [{ ErrorEquals: ['States.ALL', 'A'] }, 'States.ALL must stand alone'],
  [{ ErrorEquals: ['A'], MaxAttempts: 1.5 }, 'must be an integer of 0 or more, found 1.5'],
  [{ ErrorEquals: ['A'], IntervalSeconds: 0 }, 'must be a positive integer, found 0'],
  [{ ErrorEquals: ['A'], BackoffRate: 0.5 }, 'must be 1 or more, found 0.5'],
  [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 5 }, 'must be more than IntervalSeconds'],
  [{ ErrorEquals: ['A'], JitterStrategy: 'HALF' }, 'must be FULL or NONE'],
  [{ Errors: ['A'] }, "the field 'ErrorEquals' is missing at /States/A/Retry[0]"],
])('the Retry entry %j is refused', (entry, message) => {
  expect(refusalOf({ A: task({ Retry: [entry] }) })).toContain(message);
});

test('States.ALL comes last among catchers', () => {
  const Catch = [
    { ErrorEquals: ['States.ALL'], Next: 'B' },
    { ErrorEquals: ['A'], Next: 'B' },
  ];
  expect(refusalOf({ A: task({ Catch }), B: end })).toContain('States.ALL must come last at /States/A/Catch[0]');
});

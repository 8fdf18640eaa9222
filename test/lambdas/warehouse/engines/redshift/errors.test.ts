import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callFailure, statementFailure } from '#lambdas/warehouse/engines/redshift/errors.ts';

const classOf = (found: string, QueryString = 'select 1') =>
  statementFailure('Running x.sql', { Id: 'id-1', Status: 'FAILED', Error: found, QueryString }).name;
const classOfCall = (message: string) => {
  const failure = callFailure('Running x.sql', Object.assign(new Error(message), { name: 'ValidationException' }));
  return failure instanceof Error ? failure.name : undefined;
};

/** What a name or a value may say, whole phrases of passing errors among it. */
const anything = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...'cancelled connection conflict concurrent paused resumed aborted timed out of memory disk full'.split(' '),
        ...['deadlock detected', 'ERROR: 1023', 'query cancelled', 'connection refused', 'already exists', '"', "'"],
      ),
    )
    .map((words) => words.join(' ')),
);
const unquoted = fc
  .array(fc.constantFrom('cancelled', 'at', 'connection', 'log', 'timed', 'out', 'paused', '1023'), { minLength: 1 })
  .map((words) => `t.${words.join('_')}`);

test.each<(name: string) => string>([
  (name) => `ERROR: column "${name}" does not exist`,
  (name) => `ERROR: relation "${name}" does not exist`,
  (name) => `ERROR: invalid input syntax for integer: "${name}"`,
  (name) => `ERROR: date/time field value out of range: '${name}'`,
  (name) => `ERROR: column "${name}" of relation "b" is of type boolean but expression is of type integer`,
  // Cut off.
  (name) => `ERROR: column "${name.replaceAll('"', '')}`,
])('a permanent error stays one whatever name or value it quotes: %s', (message) => {
  fc.assert(
    fc.property(anything, (name) => {
      expect(classOf(message(name))).toBe('Sluice.Terminal');
      expect(classOfCall(message(name))).toBe('Sluice.Terminal');
    }),
  );
});

test('nor do words in a name that is not quoted make it pass', () => {
  fc.assert(
    fc.property(unquoted, (name) => {
      expect(classOf(`ERROR: column ${name} does not exist`)).toBe('Sluice.Terminal');
      expect(classOf(`ERROR: missing FROM-clause entry for ${name}`)).toBe('Sluice.Terminal');
    }),
  );
});

test.each<(name: string) => string>([
  () => 'ERROR: 1023 DETAIL: Serializable isolation violation on table in Redshift',
  () => '1018 DETAIL: Relation does not exist.',
  (name) => `ERROR: could not obtain lock on relation "${name}"`,
  (name) => `ERROR: Query (1234) cancelled by WLM abort action of Query Monitoring Rule "${name}"`,
  () => "ERROR: Query cancelled on user's request",
  () => 'ERROR: canceling statement due to statement timeout',
  () => 'FATAL: terminating connection due to administrator command',
  () => 'The connection attempt failed: connection refused',
  () => 'Workgroup is currently resuming',
  () => 'ERROR: Disk Full DETAIL: error: Disk Full code: 1016',
])('a passing error stays one whatever it names: %s', (message) => {
  fc.assert(
    fc.property(anything, (name) => {
      expect(classOf(message(name))).toBe('Sluice.Transient');
    }),
  );
});

test('what exists already was made by another transaction at once, where the statement asks', () => {
  const relation = 'ERROR: Relation "a" already exists';
  expect(classOf(relation, 'create table if not exists "a" (id int)')).toBe('Sluice.Transient');
  expect(classOf(relation, 'create table "a" (id int)')).toBe('Sluice.Terminal');
  const column = 'ERROR: column "b" of relation "a" already exists';
  expect(classOf(column, 'alter table "a" add column "b" int')).toBe('Sluice.Transient');
});

import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { expect, test } from 'vitest';
import { dataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { endedInFailure } from '#lambdas/warehouse/session.ts';

const target = { WorkgroupName: 'w', Database: 'd', SecretArn: 'arn' };
type Answers = Record<string, (input: Record<string, unknown>) => unknown>;

function warehouse(answers: Answers, remaining = () => 60_000) {
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    answers[command.constructor.name]?.(command.input);
  return dataApi({ client: { send } as unknown as RedshiftDataClient, target, remaining });
}

const failing = (found: string, Status = 'FAILED') =>
  warehouse({
    BatchExecuteStatementCommand: () => ({ Id: 'id-1' }),
    DescribeStatementCommand: () => ({
      Id: 'id-1',
      Status,
      Error: found,
      SubStatements: [
        { Status: 'FINISHED', QueryString: 'lock table a' },
        { Status, Error: found, QueryString: "insert into b values ('secret')" },
      ],
    }),
  });
const batch = { doing: 'Loading "a"."b"', sqls: ['lock table a', "insert into b values ('secret')"] };

test.each([
  'ERROR: 1023 DETAIL: Serializable isolation violation on table in Redshift',
  'ERROR: 1018 DETAIL: Relation does not exist.',
  'ERROR: deadlock detected',
  'ERROR: Query cancelled on user request',
])('%s may pass: it is transient', async (error) => {
  await expect(failing(error).run(batch)).rejects.toMatchObject({ name: 'Sluice.Transient' });
});

test('a statement that was aborted is transient', async () => {
  await expect(failing('', 'ABORTED').run(batch)).rejects.toMatchObject({ name: 'Sluice.Transient' });
});

test('another failure is terminal, naming the statement without its values, what was found and what to do', async () => {
  const error = await failing('ERROR: value too long for type character varying(2)')
    .run(batch)
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    name: 'Sluice.Terminal',
    message:
      'Loading "a"."b": "insert into b values (\'…\')" failed: ERROR: value too long for type character varying(2). ' +
      'Correct the statement, the table or its declaration, then run again; nothing was changed.',
  });
  expect(endedInFailure(error)).toBe(true);
});

test('a call that is throttled is transient, and ended no statement', async () => {
  const throttled = warehouse({
    BatchExecuteStatementCommand: () => {
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    },
  });
  const error = await throttled.run(batch).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ name: 'Sluice.Transient', message: expect.stringContaining('Rate exceeded') });
  expect(endedInFailure(error)).toBe(false);
});

test('a call that the API refuses is terminal', async () => {
  const refused = warehouse({
    ExecuteStatementCommand: () => {
      throw Object.assign(new Error('Workgroup w not found'), { name: 'ValidationException' });
    },
  });
  await expect(refused.query({ doing: 'Reading', sql: 'select 1' })).rejects.toMatchObject({ name: 'Sluice.Terminal' });
});

test('a statement that outlives the function is left running for the next attempt', async () => {
  let left = 25_000;
  const waits: unknown[] = [];
  const slow = warehouse(
    {
      BatchExecuteStatementCommand: () => ({ Id: 'id-1' }),
      DescribeStatementCommand: ({ WaitTimeSeconds }) => {
        waits.push(WaitTimeSeconds);
        left -= 15_000;
        return { Status: 'STARTED' };
      },
    },
    () => left,
  );
  await expect(slow.run(batch)).rejects.toMatchObject({
    name: 'Sluice.Again',
    message: 'Loading "a"."b": statement id-1 still runs and the function\'s time ends; the next attempt waits on.',
  });
  expect(waits).toEqual([15]);
});

test('the token makes a repeated batch attach; parameters are named', async () => {
  const sent: unknown[] = [];
  const recording = warehouse({
    BatchExecuteStatementCommand: (input) => {
      sent.push(input);
      return { Id: 'id-1' };
    },
    DescribeStatementCommand: () => ({ Status: 'FINISHED', SubStatements: [{ ResultRows: -1 }, { ResultRows: 7 }] }),
  });
  expect(await recording.run({ ...batch, token: 't', parameters: { day: '2026-11-19' } })).toEqual([0, 7]);
  const Parameters = [{ name: 'day', value: '2026-11-19' }];
  expect(sent).toEqual([{ ...target, Sqls: batch.sqls, ClientToken: 't', Parameters }]);
});

test('more statements than a transaction takes are refused before they are sent', async () => {
  const sqls = Array.from({ length: 41 }, () => 'select 1');
  await expect(warehouse({}).run({ doing: 'Running x.sql', sqls })).rejects.toThrow(
    'Running x.sql: 41 statements; Redshift takes 40 in one transaction.',
  );
});

test('a result is read to its last page', async () => {
  const pages: Record<string, unknown> = {
    first: { Records: [[{ longValue: 1 }, { stringValue: 'a' }]], NextToken: 'second' },
    second: { Records: [[{ longValue: 2 }, { isNull: true }]] },
  };
  const paged = warehouse({
    ExecuteStatementCommand: () => ({ Id: 'id-1' }),
    DescribeStatementCommand: () => ({ Status: 'FINISHED', HasResultSet: true }),
    GetStatementResultCommand: ({ NextToken = 'first' }) => ({
      ...(pages[String(NextToken)] as object),
      ColumnMetadata: [{ name: 'n' }, { name: 'text' }],
    }),
  });
  expect(await paged.query({ doing: 'Reading', sql: 'select' })).toEqual([
    { n: 1, text: 'a' },
    { n: 2, text: null },
  ]);
});

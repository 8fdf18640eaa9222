import { BatchExecuteStatementCommand, DescribeStatementCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { loadRowInto } from '../../../../worlds/load-row.ts';
import { openRedshiftAws } from '../../../../worlds/warehouse-aws.ts';

let aws: Awaited<ReturnType<typeof openRedshiftAws>>;
beforeAll(async () => {
  aws = await openRedshiftAws();
});
afterAll(() => aws.close());

/** A warehouse whose transactions are seen to end at the fifth look, of which an attempt's time is enough for two. */
function slowWarehouse() {
  const looks = new Map<string | undefined, number>();
  const isStillRunning = ({ input: { Id } }: DescribeStatementCommand): boolean => {
    const before = looks.get(Id);
    if (before !== undefined) looks.set(Id, before + 1);
    return before !== undefined && before < 4;
  };
  const submit = async (command: BatchExecuteStatementCommand) => {
    const answer = await aws.dataApi.send(command);
    if (command.input.ClientToken && !looks.has(answer.Id)) looks.set(answer.Id, 0);
    return answer;
  };
  return () => {
    let left = 45_000;
    const send = async (command: BatchExecuteStatementCommand | DescribeStatementCommand) => {
      if (command instanceof BatchExecuteStatementCommand) return submit(command);
      if (!(command instanceof DescribeStatementCommand && looks.has(command.input.Id)))
        return aws.dataApi.send(command);
      left -= 20_000;
      return isStillRunning(command) ? { Status: 'STARTED' } : aws.dataApi.send(command);
    };
    return aws.warehouseThrough({ client: { send } as DataApi['client'], remaining: () => left });
  };
}

test('a COPY that outlasts Lambdas is waited for by the next ones, and sent once', async () => {
  const nextAttempt = slowWarehouse();
  const attempts: string[] = [];
  while (attempts.length < 20 && attempts.at(-1) !== 'done') {
    const attempt = loadRowInto(aws, 'outlasting', { warehouse: nextAttempt() });
    attempts.push(await attempt.then(() => 'done').catch(({ name }: Error) => name));
  }
  expect(attempts.at(-1)).toBe('done');
  expect(new Set(attempts.slice(0, -1))).toEqual(new Set(['Sluice.Again']));
  expect(attempts.length).toBeGreaterThan(3);
  expect(await aws.query('SELECT id FROM loads.outlasting')).toEqual([{ id: 1 }]);
  expect(await aws.query("SELECT clearing, n FROM sluice.claims WHERE task_id = 'load_outlasting'")).toEqual([
    { clearing: 1, n: 1 },
  ]);
  const sent = await aws.statements();
  expect(sent.filter((sql) => sql.startsWith('COPY') && sql.includes('loads.outlasting'))).toHaveLength(1);
});

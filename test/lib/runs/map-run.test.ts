import {
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { mapRunReader } from '#lib/runs/map-run.ts';
import type { Store } from '#lib/runs/store.ts';
import type { HistoryEvent } from '#lib/runs/task-history.ts';

const begin = { Payload: { dagId: 'd', runId: '20261119T000000Z', clearing: 1 } };
const events: HistoryEvent[] = [
  { id: 1, taskSucceededEventDetails: { output: JSON.stringify(begin) } },
  { id: 2, stateEnteredEventDetails: { name: 'each' } },
  { id: 3, previousEventId: 2, mapRunStartedEventDetails: { mapRunArn: 'map-run' } },
];

test('what could not be read of a Map Run that has ended is read the next time, and what was read is kept', async () => {
  const sent: string[] = [];
  let fails = ['DescribeMapRun', 'ListExecutions', 'GetExecutionHistory', 'list'];
  const answer = <T>(name: string, value: T): T => {
    sent.push(name);
    if (fails[0] !== name) return value;
    fails = fails.slice(1);
    throw new Error(`${name} failed`);
  };
  const client: SFNClient = Object.assign(Object.create(SFNClient.prototype), {
    send: async (command: object) => {
      if (command instanceof DescribeMapRunCommand)
        return answer('DescribeMapRun', { stopDate: new Date(0), itemCounts: { failed: 1, total: 1 } });
      if (command instanceof ListExecutionsCommand)
        return answer('ListExecutions', { executions: [{ executionArn: 'child' }] });
      if (command instanceof GetExecutionHistoryCommand) return answer('GetExecutionHistory', { events: [] });
      throw new Error(`Unexpected: ${command.constructor.name}`);
    },
  });
  const store = { list: async () => answer('list', []) } as unknown as Store;
  const read = mapRunReader({ client, store });
  for (const name of fails) await expect(read(events)).rejects.toThrow(`${name} failed`);
  const [whole] = await read(events);
  expect(whole).toMatchObject({ task: 'each', items: 1, failed: 1 });
  sent.length = 0;
  expect(await read(events)).toEqual([whole]);
  expect(sent).toEqual([]);
});

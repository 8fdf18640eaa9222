import { type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { growingHistory, isOver } from '#lib/cli/deployment/growing-history.ts';
import { openEndpoint } from '#local/endpoint/endpoint.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { page } from '#local/stepfunctions/api/pages.ts';

interface Request {
  readonly maxResults?: number;
  readonly reverseOrder?: boolean;
  readonly nextToken?: string;
}

let history: { id: number; type: string; timestamp: number }[] = [];
/** How many events happen between two pages. */
let meanwhile = 0;
/** How many events were sent. */
let sent = 0;
const grow = (count: number, type = 'TaskStateEntered') => {
  for (let n = 0; n < count; n++) history.push({ id: history.length + 1, type, timestamp: 1_700_000_000 });
};

const GetExecutionHistory = ({ reverseOrder: reverse, maxResults, nextToken }: Request) => {
  const { found: events, ...rest } = page(history, { reverse, maxResults, nextToken });
  grow(meanwhile);
  sent += events.length;
  return { events, ...rest };
};

let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
let client: SFNClient;
beforeAll(async () => {
  endpoint = await openEndpoint(0);
  endpoint.handlers.set('states', jsonHandler('states', { GetExecutionHistory }));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new SFNClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

const idsOf = (events: readonly HistoryEvent[]) => events.map(({ id }) => id);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test('however a history grows, between looks and between pages, each event is there once and in order', async () => {
  const later = fc.array(fc.oneof(fc.constant(0), { weight: 3, arbitrary: fc.integer({ min: 1, max: 70 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 1, 20, 1001),
      later,
      fc.integer({ min: 0, max: 3 }),
      async (first, counts, during) => {
        history = [];
        meanwhile = during;
        const read = growingHistory(client, 'arn');
        for (const count of [first, ...counts]) {
          grow(count);
          const least = history.length;
          const ids = idsOf(await read());
          expect(ids).toEqual(upTo(ids.length));
          expect(ids.length).toBeGreaterThanOrEqual(least);
        }
      },
    ),
    { numRuns: 10 },
  );
});

test('what is known is not read again', async () => {
  history = [];
  meanwhile = 0;
  const read = growingHistory(client, 'arn');
  grow(500);
  await read();
  sent = 0;
  for (let n = 0; n < 10; n++) await read();
  expect(sent).toBeLessThanOrEqual(10 * 20);
});

test.each(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'])(
  'after %s nothing comes',
  async (type) => {
    history = [];
    grow(3);
    const read = growingHistory(client, 'arn');
    expect(isOver(await read())).toBe(false);
    grow(1, type);
    expect(isOver(await read())).toBe(true);
  },
);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { Logs } from '#local/logs/index.ts';
import { readEvents } from '#local/logs/lines.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

const GROUP = '/aws/lambda/load';
const TEN = Date.parse('2026-11-20T10:00:00Z');
let directory: string;
let logs: Logs;

beforeEach(() => {
  directory = temporaryDirectory();
  logs = new Logs(directory);
  logs.createGroup(GROUP, 'load');
});

const write = (...lines: string[]) =>
  writeFileSync(join(directory, 'load.log'), lines.map((line) => `${line}\n`).join(''));
const json = (second: number, fields: object) =>
  JSON.stringify({ message: 'm', timestamp: new Date(TEN + second * 1000).toISOString(), ...fields });
const messages = (filterPattern?: string) =>
  logs.operations
    .FilterLogEvents({ logGroupName: GROUP, ...(filterPattern !== undefined && { filterPattern }) })
    .events.map(({ message }) => message);

test('fields of JSON lines are equal to a text or a number, and of the right kind', () => {
  const lines = [
    json(0, { run: 'a', attempt: 1 }),
    json(1, { run: 'a', attempt: 2 }),
    json(2, { run: 'a', attempt: '2' }),
    json(3, { run: 'b', attempt: 2, note: '"run":"a"' }),
    '2026-11-20T10:00:04Z run a attempt 2',
  ];
  write(...lines);
  expect(messages('{ $.run = "a" && $.attempt = 2 }')).toEqual([lines[1]]);
});

test('terms must all be in a line; of those with a question mark, one', () => {
  write('2026-11-20T10:00:00Z one two', '2026-11-20T10:00:01Z one', '2026-11-20T10:00:02Z three');
  expect(messages('one two')).toHaveLength(1);
  expect(messages('?"two" ?three')).toEqual(['2026-11-20T10:00:00Z one two', '2026-11-20T10:00:02Z three']);
  expect(messages()).toHaveLength(3);
});

test.for(['{ $.a > 3 }', '{ $.a = "x" || $.b = "y" }', '[ip, user]', 'one ?two', '-one'])(
  '%s is refused by name',
  (pattern) => {
    write('x');
    expect(() => messages(pattern)).toThrow('does not understand the filter pattern');
  },
);

test('what the console prints in several lines is one event, and keeps its invocation', () => {
  write(
    '2026-11-20T10:00:00Z START RequestId: r1',
    '2026-11-20T10:00:01Z\tr1\tINFO\tfirst',
    'second',
    '2026-11-20T10:00:02Z REPORT RequestId: r1',
  );
  expect(messages('?"r1"')).toContain('2026-11-20T10:00:01Z\tr1\tINFO\tfirst\nsecond');
});

test('pages follow each other, and GetLogEvents ends with the token that it began with', () => {
  write(...[0, 1, 2].map((second) => json(second, {})));
  const of = { logGroupName: GROUP, limit: 2 };
  const first = logs.operations.FilterLogEvents(of);
  const second = logs.operations.FilterLogEvents({ ...of, nextToken: (first as { nextToken: string }).nextToken });
  expect([first.events.length, second.events.length]).toEqual([2, 1]);
  expect(second).not.toHaveProperty('nextToken');
  const { nextForwardToken } = logs.operations.GetLogEvents({ logGroupName: GROUP });
  const end = logs.operations.GetLogEvents({ logGroupName: GROUP, nextToken: nextForwardToken });
  expect(end).toMatchObject({ events: [], nextForwardToken });
});

test('groups and streams are described; an unknown group is the error of AWS', () => {
  write(json(0, {}), json(5, {}));
  expect(logs.operations.DescribeLogGroups({}).logGroups.map(({ logGroupName }) => logGroupName)).toEqual([GROUP]);
  expect(logs.operations.DescribeLogStreams({ logGroupName: GROUP }).logStreams).toMatchObject([
    { firstEventTimestamp: TEN, lastEventTimestamp: TEN + 5000 },
  ]);
  expect(() => logs.operations.FilterLogEvents({ logGroupName: 'other' })).toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException' }),
  );
});

test('whatever the size of a file, a window has the lines that a reading of the whole has', () => {
  const gaps = fc.array(fc.integer({ min: -30, max: 4000 }), { minLength: 1, maxLength: 400 });
  const bounds = fc.tuple(fc.integer({ min: -10_000, max: 900_000 }), fc.integer({ min: 0, max: 900_000 }));
  fc.assert(
    fc.property(gaps, bounds, fc.constantFrom(1, 2000), (steps, [from, length], size) => {
      const text = 'é'.repeat(size);
      const seconds = steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step));
      write(...seconds.map((second, at) => json(second, { at, text })));
      const [startTime, endTime] = [TEN + from * 1000, TEN + (from + length) * 1000];
      const all = readEvents(join(directory, 'load.log'));
      const expected = all.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      expect(all).toHaveLength(steps.length);
      expect(readEvents(join(directory, 'load.log'), { startTime, endTime })).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

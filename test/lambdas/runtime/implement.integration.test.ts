import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { implement } from '#lambdas/runtime/implement.ts';
import { openServices, type Services } from '#lambdas/runtime/services.ts';
import type { TaskEvent } from '#lib/contract/envelope.ts';
import { Again, NotReady, Skipped, Terminal } from '#lib/contract/errors.ts';
import { connection } from '#lib/contract/fields.ts';
import { taskType } from '#lib/contract/task-type.ts';
import { ledgerKey } from '#lib/runs/keys.ts';
import { carryOver, markResult, resultsOfItems } from '#lib/runs/ledger.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';
import { eventOf, someRun } from '../../worlds/events.ts';

let aws: Aws;
let services: Services;
beforeAll(async () => {
  aws = await openAws();
  services = openServices({
    SLUICE_BUCKET: BUCKET,
    SLUICE_CONNECTIONS: { a: 'secret-a', unset: 'secret-unset', missing: 'secret-missing' },
    LAMBDA_TASK_ROOT: '.',
  });
});
afterAll(() => aws.close());

const add = taskType('add', {
  input: z.object({ numbers: z.array(z.int()) }),
  output: z.object({ sum: z.int(), list: z.array(z.string()).optional() }),
});
type Adding = Parameters<typeof implement<typeof add.type.input, typeof add.type.output>>[1];
const adding = (work: Adding) => implement(add, work, () => services);
const sum: Adding = async ({ numbers }) => ({ sum: numbers.reduce((a, b) => a + b, 0) });

test('the output is given and lies in the ledger', async () => {
  const event = eventOf({ numbers: [1, 2] });
  expect(await adding(sum)(event)).toEqual({ sum: 3 });
  const { value } = (await services.store.read(ledgerKey(event.run, event.task))) ?? {};
  expect(value).toMatchObject({ output: { sum: 3 }, attempt: 1 });
});

test('a task that is tested alone keeps nothing in the ledger, and does its work each time', async () => {
  const event = eventOf({ numbers: [1, 2] });
  const tested = { ...event, task: { ...event.task, test: true as const } };
  const work = vi.fn(sum);
  expect(await adding(work)(tested)).toEqual({ sum: 3 });
  expect(await adding(work)(tested)).toEqual({ sum: 3 });
  expect(work).toHaveBeenCalledTimes(2);
  expect(await services.store.list(`ledger/${event.run.dagId}/${event.run.runId}/`)).toEqual([]);
});

test('a task with a result gives it again without doing its work', async () => {
  const event = eventOf({ numbers: [1, 2] });
  await adding(sum)(event);
  const work = vi.fn(sum);
  expect(await adding(work)({ ...event, task: { ...event.task, attempt: 2 } })).toEqual({ sum: 3 });
  expect(work).not.toHaveBeenCalled();
});

test('of two attempts at once the first to reach the ledger gives the result of both', async () => {
  const event = eventOf({ numbers: [] });
  let n = 0;
  const racing = adding(async () => ({ sum: ++n }));
  const [one, two] = await Promise.all([racing(event), racing(event)]);
  expect(n).toBe(2);
  expect(one).toEqual(two);
});

test('an input that stands for a mapped task gets the list of its outputs, by index', async () => {
  const run = someRun();
  const each = adding(sum);
  for (const index of [2, 0, 1]) {
    await each({ run, task: { id: 'each', index, attempt: 1 }, input: { numbers: [index * 10] } });
  }
  const collect = taskType('collect', {
    input: z.object({ from: z.array(z.object({ sum: z.int() })) }),
    output: z.object({ sums: z.array(z.int()) }),
  });
  const collecting = implement(
    collect,
    async ({ from }) => ({ sums: from.map((one) => one.sum) }),
    () => services,
  );
  const input = (count: number, items: number) => ({ from: { $mapped: { task: 'each', count, items } } });
  const task = { id: 'collect', attempt: 1 };
  await expect(collecting({ run, task, input: input(4, 5) })).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('3 of its 5 items have one, and 4 succeeded'),
  });
  // One that failed in the machine had written its result: that is what counts.
  expect(await collecting({ run, task: { ...task, id: 'more' }, input: input(2, 4) })).toEqual({ sums: [0, 10, 20] });
  // One more item was skipped.
  expect(await collecting({ run, task, input: input(3, 4) })).toEqual({ sums: [0, 10, 20] });
});

/** The items of a mapped task, as the machine invokes it for each. */
async function eachOf(list: readonly (number | { id: number })[], run: TaskEvent['run'], work: Adding) {
  const event = (item: number | { id: number }, index: number) => ({
    run,
    task: { id: 'each', index, item, attempt: 1 },
    input: { numbers: [typeof item === 'number' ? item : item.id] },
  });
  const ended = await Promise.allSettled(list.map((item, index) => adding(work)(event(item, index))));
  return ended.map((one) => (one.status === 'fulfilled' ? one.value.sum : one.reason.name));
}

test('in a rerun an item gives what it gave, wherever it stands in the list by then, and what is new works', async () => {
  const run = someRun();
  const skipping: Adding = async ({ numbers: [n = 0] }) => {
    if (n === 3) throw new Skipped('It is empty.');
    if (n === 4) throw new Terminal('It is broken.');
    return { sum: n };
  };
  await eachOf([1, 2, 3, 4, { id: 7 }], run, skipping);
  const again = { ...run, clearing: 2, items: { each: 1 } };
  const work = vi.fn<Adding>(async ({ numbers: [n = 0] }) => ({ sum: n + 100 }));
  const list = [5, { id: 7 }, 4, 3, 2, 1, 1];
  expect(await eachOf(list, again, work)).toEqual([105, 7, 104, 'Sluice.Skipped', 2, 1, 1]);
  expect(work).toHaveBeenCalledTimes(2);
  expect((await resultsOfItems(services.store, again, 'each')).map(({ output }) => output)).toEqual(
    [105, 7, 104, 2, 1, 1].map((n) => ({ sum: n })),
  );
  // Those that the second clearing did not come to are found in the first.
  const third = { ...run, clearing: 3, items: { each: 1 } };
  expect(await eachOf([2, 5], third, work)).toEqual([2, 105]);
  expect(await eachOf([2], { ...run, clearing: 4 }, work)).toEqual([102]);
});

test('two items that are equal have a result each', async () => {
  const run = someRun();
  let n = 0;
  const counting: Adding = async () => ({ sum: ++n });
  expect((await eachOf([1, 1, 1], run, counting)).toSorted()).toEqual([1, 2, 3]);
  expect(await resultsOfItems(services.store, run, 'each')).toHaveLength(3);
});

test('a result of an earlier clearing that today’s schema refuses is worked for again, once; a marked one stands', async () => {
  const event = eventOf({ numbers: [1] });
  const key = ledgerKey(event.run, event.task);
  await services.store.create(key, { output: { total: 1 }, attempt: 1, clearing: 1 });
  const work = vi.fn(sum);
  expect(await adding(work)(event)).toEqual({ sum: 1 });
  expect(await adding(work)(event)).toEqual({ sum: 1 });
  expect(work).toHaveBeenCalledOnce();
  const marked = eventOf({ numbers: [1] });
  await markResult(services.store, marked.run, { id: marked.task.id, output: null });
  await carryOver(services.store, { ...marked.run, clearing: 2 }, [marked.task.id]);
  expect(await adding(work)({ ...marked, run: { ...marked.run, clearing: 2 } })).toBeNull();
});

test.each([
  ['failed', 'Sluice.Terminal'],
  ['upstream_failed', 'Sluice.Terminal'],
  ['not_run', 'Sluice.Terminal'],
  ['skipped', 'Sluice.Skipped'],
] as const)('a task that a rerun leaves %s does no work', async (status, name) => {
  const event = eventOf({ numbers: [1] });
  const work = vi.fn(sum);
  const run = { ...event.run, kept: { [event.task.id]: status } };
  await expect(adding(work)({ ...event, run })).rejects.toMatchObject({
    name,
    message: expect.stringContaining(`it stays ${status}`),
  });
  expect(work).not.toHaveBeenCalled();
});

test('a wrong input is terminal and named by its field', async () => {
  await expect(adding(sum)(eventOf({ numbers: [1, 'x'] }))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: "The input of task 'extract' (add) is wrong: numbers[1]: Invalid input: expected number, received string.",
  });
  await expect(adding(sum)({ input: {} })).rejects.toMatchObject({ message: expect.stringContaining('run: ') });
});

test('a task that declares itself skipped leaves under that name, and has no result', async () => {
  const event = eventOf({ numbers: [] });
  const skipping = adding(() => Promise.reject(new Skipped('Nothing is new.')));
  await expect(skipping(event)).rejects.toMatchObject({ name: 'Sluice.Skipped', message: 'Nothing is new.' });
  expect(await services.store.read(ledgerKey(event.run, event.task))).toBeUndefined();
});

test('a look that found nothing is logged as what it is, not as a failure; when the time is up it is one', async () => {
  vi.stubEnv('POWERTOOLS_DEV', 'true').stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  const lines: { level: string; message: string; found?: string; attempt: number }[] = [];
  const spies = (['info', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line))),
  );
  const looking = adding(() => Promise.reject(new NotReady('s3://b/k is not there.')));
  const look = (timeoutSeconds: number) => {
    const sensor = { since: new Date(Date.now() - 60_000).toISOString(), timeoutSeconds, softFail: false };
    return looking(eventOf({ numbers: [] }, { task: { id: 'wait', attempt: 3, sensor } }));
  };
  await expect(look(600)).rejects.toMatchObject({ name: 'Sluice.NotReady', message: 's3://b/k is not there.' });
  await expect(look(60)).rejects.toMatchObject({
    name: 'Sluice.SensorTimeout',
    message: 'not there after 3 looks in 1m: s3://b/k is not there.',
  });
  for (const spy of spies) spy.mockRestore();
  vi.unstubAllEnvs();
  expect(lines.filter(({ message }) => message !== 'the attempt begins')).toMatchObject([
    { level: 'INFO', message: 'the look found nothing', found: 's3://b/k is not there.', attempt: 3 },
    { level: 'ERROR', message: 'the attempt failed', attempt: 3 },
  ]);
});

test('an output over 8 KiB is terminal, but a list that feeds a map may have 64 KiB', async () => {
  const giving = (list: string[]) => adding(async () => ({ sum: 1, list }))(eventOf({ numbers: [] }));
  await expect(giving(Array(60).fill('x'.repeat(1000)))).resolves.toMatchObject({ sum: 1 });
  await expect(giving(Array(70).fill('x'.repeat(1000)))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/The output has 7\d{4} bytes.*return a pointer/),
  });
});

test('a list that the machine reads from the ledger may have any size, and only its place is given', async () => {
  const event = eventOf({ numbers: [] });
  const listing = { ...event, task: { ...event.task, listed: ['/list'] } };
  const list = Array(300).fill('x'.repeat(1000));
  const key = ledgerKey(event.run, event.task);
  const given = { sum: 1, list: { $listed: { bucket: BUCKET, key, count: 300 } } };
  expect(await adding(async () => ({ sum: 1, list }))(listing)).toEqual(given);
  expect((await services.store.read(key))?.value).toMatchObject({ output: { sum: 1, list } });
  const work = vi.fn(sum);
  expect(await adding(work)(listing)).toEqual(given);
  expect(work).not.toHaveBeenCalled();
});

test('an error of the closed list keeps its name; any other becomes transient, with its cause', async () => {
  const failing = (error: unknown) =>
    adding(() => Promise.reject(error))(eventOf({ numbers: [] })).catch((caught: unknown) => caught);
  expect(await failing(new Again('later'))).toMatchObject({ name: 'Sluice.Again', message: 'later' });
  const cause = new TypeError('x is undefined');
  expect(await failing(cause)).toMatchObject({ name: 'Sluice.Transient', message: 'TypeError: x is undefined', cause });
});

const use = taskType('use', {
  input: z.object({ connection: connection('test') }),
  output: z.object({ host: z.string() }),
});
const secret = z.object({ password: z.string(), host: z.string().optional() });
const using = implement(
  use,
  async ({ connection }, { connections, log }) => {
    const { password, host = '' } = await connections.get(connection, secret);
    log.info(`signing in with ${password}`, { nested: { said: [`it is ${password}`] } });
    if (host === '')
      throw new Error(`refused: ${password}`, { cause: new Error(`inner ${encodeURIComponent(password)}`) });
    return { host };
  },
  () => services,
);
const useOf = (name: string) => eventOf({ connection: { connection: name, type: 'test' } });

test('values of secrets appear neither in log lines nor in errors', async () => {
  aws.setSecret('secret-a', '{"password":"hu/nter2"}');
  vi.stubEnv('POWERTOOLS_DEV', 'true').stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  const lines: string[] = [];
  const log = vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line));
  const errors = vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  const event = useOf('a');
  const error = (await using(event).catch((caught: unknown) => caught)) as Error;
  log.mockRestore();
  errors.mockRestore();
  vi.unstubAllEnvs();
  expect(error.message).toBe('Error: refused: ***');
  expect(`${error.stack}${(error.cause as Error).stack}${((error.cause as Error).cause as Error).message}`).not.toMatch(
    /hu.{1,3}nter2/,
  );
  expect(lines.join('')).toContain('signing in with ***');
  expect(lines.join('')).toContain('it is ***');
  expect(lines.join('')).not.toMatch(/hu.{1,3}nter2/);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({
      pipeline: event.run.dagId,
      run: '20261119T000000Z',
      task: 'extract',
      attempt: 1,
    });
  }
});

test.each([
  ['unset', /not set\. Set it: npx sluice connection set \w+ '\{"password":"…"\}'/],
  ['missing', /secret-missing of test connection 'missing': there is none/],
  ['undeclared', /'undeclared' is not given to this function \(SLUICE_CONNECTIONS has: a, unset, missing\)/],
])('a connection that is %s is terminal and says what to do', async (name, message) => {
  aws.setSecret('secret-unset', '{}');
  await expect(using(useOf(name))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(message),
  });
});

import { expect, test } from 'vitest';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Limited } from '#lambdas/sources/limit.ts';
import { followPages, type SourcePage } from '#lambdas/sources/pages.ts';
import { limitKey } from '#lib/runs/keys.ts';
import { someRun } from '../../worlds/events.ts';

const connection = { connection: 'api', type: 'any' } as const;
const FIRST = 'https://api.example.com/list';

/** Follows a list of pages by URL. */
async function follow(
  pages: Record<string, Partial<SourcePage> | Error>,
  { from, sources }: { from?: string; sources?: object } = {},
) {
  const kept = new Map<string, unknown>();
  const run = { ...someRun(), ...(sources && { sources }) };
  const context = {
    run,
    store: {
      read: async (key: string) => (kept.has(key) ? { value: kept.get(key), etag: 'e' } : undefined),
      create: async (key: string, value: unknown) => kept.set(key, value),
      replace: async (key: string, value: unknown) => kept.set(key, value),
    },
  } as unknown as Pick<TaskContext, 'store' | 'run'>;
  const request = async (url: string): Promise<SourcePage> => {
    const page = pages[url];
    if (page instanceof Error) throw page;
    return { url, status: 200, fetchedAt: 't', records: [Buffer.from(url)], ...page };
  };
  const read: string[] = [];
  const all = async () => {
    for await (const { url } of followPages(context, { connection, first: FIRST, from, request })) read.push(url);
  };
  return { error: await all().catch((error: unknown) => error), read, kept, again: all, limit: limitKey(run, 'api') };
}

test('a list is followed to its end, or from where it was left', async () => {
  const pages = { [FIRST]: { next: `${FIRST}?2` }, [`${FIRST}?2`]: { next: `${FIRST}?3` } };
  expect(await follow(pages)).toMatchObject({ error: undefined, read: [FIRST, `${FIRST}?2`, `${FIRST}?3`] });
  expect(await follow(pages, { from: `${FIRST}?3` })).toMatchObject({ error: undefined, read: [`${FIRST}?3`] });
});

test('a page that leads to another origin, or back, is not taken; what was read before is', async () => {
  const away = { [FIRST]: { next: `${FIRST}?2` }, [`${FIRST}?2`]: { next: 'https://example.com/list' } };
  expect(await follow(away)).toMatchObject({
    error: { name: 'Sluice.Terminal', message: expect.stringContaining('leads on to') },
    read: [FIRST],
  });
  const back = { [FIRST]: { next: `${FIRST}?2` }, [`${FIRST}?2`]: { next: FIRST } };
  expect(await follow(back)).toMatchObject({
    error: { name: 'Sluice.Terminal', message: expect.stringContaining('never end') },
    read: [FIRST],
  });
});

test('a list that was left at another origin is not there any more', async () => {
  const { error } = await follow({}, { from: 'http://127.0.0.1:9/list?2' });
  expect((error as Error).constructor.name).toBe('NotThere');
});

test('a limit is kept for the run, and nothing is requested before it ends', async () => {
  const until = new Date(Date.now() + 3_600_000);
  const { error, kept, limit, again } = await follow({ [FIRST]: new Limited('limited', { until }) });
  expect(error).toMatchObject({ name: 'Sluice.Again', message: 'limited' });
  expect(kept.get(limit)).toEqual({ until: until.toISOString() });
  await expect(again()).rejects.toMatchObject({
    name: 'Sluice.Again',
    message: expect.stringContaining('not asked before'),
  });
});

test('a run with a source of its own takes no page of another one, whatever its secret says', async () => {
  const sources = (baseUrl: string) => ({ api: { secret: 'Sluice/runs/1/api', baseUrl } });
  expect(await follow({}, { sources: sources('http://127.0.0.1:4000') })).toMatchObject({
    error: { name: 'Sluice.Terminal', message: expect.stringContaining("not of this run's source") },
    read: [],
  });
  expect(await follow({}, { sources: sources('https://api.example.com/base') })).toMatchObject({
    error: undefined,
    read: [FIRST],
  });
  expect(await follow({}, { sources: { other: { secret: 's', baseUrl: 'http://127.0.0.1:4000' } } })).toMatchObject({
    error: undefined,
  });
});

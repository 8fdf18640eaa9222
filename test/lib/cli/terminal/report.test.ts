import { expect, test, vi } from 'vitest';
import type { Opened } from '#lib/cli/deployment/open.ts';
import type { TaskLine } from '#lib/cli/terminal/progress.ts';
import { type Outcome, tellEnd, tellTask } from '#lib/cli/terminal/report.ts';

const line = (more: Partial<TaskLine>): TaskLine => ({
  task: 'file',
  state: 'success',
  attempt: 3,
  durationMs: 121_000,
  functionName: 'f',
  ...more,
});

function printed(tell: () => void): string[] {
  const all: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((text: string) => void all.push(text));
  tell();
  spy.mockRestore();
  return all.map((text) => text.replace(/ +/g, ' '));
}
const told = (...lines: TaskLine[]) => printed(() => tellTask(lines, [], { tries: [], left: [], mapRuns: [] }));

test('a sensor shows that it waits and for what, then how often it looked', () => {
  const found = line({ looks: 3 });
  const waiting = line({ state: 'waiting', looks: 1, durationMs: 500, cause: 's3://b/k is not there.' });
  expect(told(waiting, found)).toEqual([
    '… waiting file 0.50 s 1 look\n s3://b/k is not there.',
    '✓ success file 121 s 3 looks',
  ]);
});

test('a sensor whose time is up shows why it failed or was skipped', () => {
  const cause = 'not there after 3 looks in 2m: s3://b/k is not there.';
  const failed = line({ state: 'failed', looks: 3, error: 'Sluice.SensorTimeout', cause });
  expect(told(failed, line({ state: 'skipped', looks: 3, cause }))).toEqual([
    `✗ failed file 121 s 3 looks\n Sluice.SensorTimeout: ${cause}`,
    `– skipped file 121 s 3 looks\n ${cause}`,
  ]);
});

test('the further lines of a cause stand below its first one', () => {
  const cause = 'render.sh exited with 1. The end of its stderr:\nno such day\n';
  expect(told(line({ state: 'failed', error: 'Sluice.Transient', cause }))).toEqual([
    '✗ failed file 121 s attempt 3\n Sluice.Transient: render.sh exited with 1. The end of its stderr:\n no such day',
  ]);
});

test('the end of a run says of each table how many fields are not loaded', () => {
  const opened = { kind: 'local', deployment: { name: 'p', platform: { Bucket: 'b' } } } as unknown as Opened;
  const tasks = [
    line({ task: 'extract' }),
    line({ task: 'load', unloaded: [{ table: 'g.issues', fields: 3 }] }),
    line({ task: 'load_more', unloaded: [{ table: 'g.commits', fields: 1 }] }),
  ];
  const run = { pipeline: 'p', runId: 'r', logicalDate: 'd', execution: 'a:b', durationMs: 1 };
  const outcome = { ...run, status: 'success', tasks, wanted: { pipeline: 'p' } } satisfies Outcome;
  expect(printed(() => tellEnd(opened, outcome))).toEqual(
    expect.arrayContaining(['3 fields of g.issues are not loaded.', '1 field of g.commits is not loaded.']),
  );
});

test('the end of a run that succeeded with warnings says so, and what they are, however many', () => {
  const opened = { kind: 'local', deployment: { name: 'p', platform: { Bucket: 'b' } } } as unknown as Opened;
  const run = { pipeline: 'p', runId: 'r', logicalDate: 'd', execution: 'a:b', durationMs: 1 };
  const warnings = Array.from({ length: 22 }, (_, n) => {
    return { task: 'extract', dataset: 'o_issues', of: `r${n}`, status: 451, url: 'http://x', reason: 'Blocked' };
  });
  const outcome = { ...run, status: 'success', tasks: [], warnings, wanted: { pipeline: 'p' } } satisfies Outcome;
  const lines = printed(() => tellEnd(opened, outcome));
  expect(lines[0]).toBe('\nSucceeded with warnings in 0.00 s.');
  const sentence = "extract: 'r0' of o_issues is skipped: GET http://x was answered with 451 (Blocked).";
  expect(lines[1]?.trim()).toBe(sentence);
  expect(lines.filter((text) => text.includes('is skipped'))).toHaveLength(20);
  expect(lines[21]).toContain('and 2 more');
});

test('the end of a run names the report that it published', () => {
  const run = { pipeline: 'p', runId: 'r', logicalDate: 'd', execution: 'a:b', durationMs: 1 };
  const tasks = [line({ task: 'publish', published: 'published/p/report.html' })];
  const outcome = { ...run, status: 'success', tasks, wanted: { pipeline: 'p' } } satisfies Outcome;
  const deployment = { name: 'S', platform: { Bucket: 'b' }, store: { url: (key: string) => `s3://b/${key}` } };
  const end = (kind: string) => printed(() => tellEnd({ kind, deployment } as unknown as Opened, outcome)).join('\n');
  expect(end('embedded')).toMatch(/^Published .*s3\/b\/published\/p\/report\.html$/m);
  expect(end('aws')).toMatch(/^Published s3:\/\/b\/published\/p\/report\.html$/m);
});

test('items that their task tolerates are warnings of a run that succeeded, and no reason why one failed', () => {
  const opened = { kind: 'local', deployment: { name: 'p', platform: { Bucket: 'b' } } } as unknown as Opened;
  const run = {
    pipeline: 'p',
    runId: 'r',
    logicalDate: 'd',
    execution: 'a:b',
    durationMs: 1,
    wanted: { pipeline: 'p' },
  };
  const refused = { error: 'Sluice.Terminal', cause: 'refused' };
  const tasks = [
    line({ task: 'each', index: 1, state: 'failed', ...refused }),
    line({ task: 'each', items: 2, failed: 1 }),
  ];
  const warnings = [{ task: 'each', index: 1, ...refused }];
  const succeeded = printed(() => tellEnd(opened, { ...run, status: 'success', tasks, warnings }));
  expect(succeeded[0]).toBe('\nSucceeded with warnings in 0.00 s.');
  expect(succeeded[1]?.trim()).toBe('each: item 1 failed, which is tolerated: Sluice.Terminal: refused');
  const other = [...tasks, line({ task: 'load', state: 'failed', error: 'Sluice.Terminal', cause: 'no table' })];
  const lines = printed(() => tellEnd(opened, { ...run, status: 'failed', tasks: other, error: 'e', cause: 'c' }));
  const reasons = lines.filter((text) => text.startsWith(' '));
  expect(reasons).toEqual([expect.stringMatching(/^ load: Sluice.Terminal: no table\n/)]);
});

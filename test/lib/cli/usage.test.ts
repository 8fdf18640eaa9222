import { expect, test } from 'vitest';
import { sluice } from '../../worlds/command-line.ts';

test.each([
  [['run', 'nothing'], /There is no pipeline 'nothing'\. There are: .*github-to-redshift/],
  [['run', 'github-to-redshift', '--date', 'tomorrow'], /--date: 'tomorrow' is no date: write 2026-11-19/],
  [['run', 'github-to-redshift', '--date', '2999-01-01'], /its interval is over at 2999-01-02T00:00:00Z/],
  [
    ['run', 'github-to-redshift', '--date', '2018-01-04'],
    /has no run of 2018-01-04T00:00:00Z: its first logical date is 2018-01-05/,
  ],
  [['run', 'github-to-redshift', '--param', 'a=1'], /--param: .*a.* \(params of github-to-redshift: full\)/],
  [['run', 'github-to-redshift', '--param', 'a'], /Write it as name=value/],
  [['run', 'github-to-redshift', '--source', '/no/such'], /--source \/no\/such: there is no such directory/],
  [['run', 'github-to-redshift', '--live', '--source', '.'], /not both/],
  [['connection', 'set', 'jobs', 'secret'], /^sluice: The secret is no JSON object\. Write it as '\{"token":"…"\}'\.$/],
  [['connection', 'set', 'jobs', '["secret"]'], /no JSON object/],
  [['local', '--port', 'x'], /Ports are 1 to 65535/],
])('%j is refused in a clear line before anything is started, exit status 2', async (args, message) => {
  const { code, stdout, stderr } = await sluice(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim()).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [],
  ['run'],
  ['list'],
  ['query'],
  ['open'],
  ...[[], ['list'], ['show'], ['replay']].map((more) => ['quarantine', ...more]),
  ...[[], ['succeed'], ['fail'], ['heartbeat']].map((more) => ['callback', ...more]),
  ...[[], ['list'], ['set']].map((more) => ['connection', ...more]),
  ['graph'],
  ['simulate'],
  ['cost'],
  ['local'],
  ['local', 'reset'],
])('%s %s --help explains itself', async (...args) => {
  const written: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
  try {
    expect(await sluice(...args, '--help')).toMatchObject({ code: 0, stderr: '' });
  } finally {
    process.stdout.write = write;
  }
  expect(written.join('')).toMatch(new RegExp(`^Usage: ${['sluice', ...args].join(' ')} `));
});

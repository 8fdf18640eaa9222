import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { logger } from '#lambdas/runtime/log.ts';
import { handler } from '#tasks/bash/handler.ts';
import { type Aws, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
  process.env['AWS_SESSION_TOKEN'] = 'a-session-token-of-lambda';
});
afterAll(() => aws.close());

let n = 0;
function script(text: string): string {
  const file = `script-${++n}.sh`;
  writeFileSync(join(aws.dir, file), text);
  return file;
}
const run = (text: string, env: Record<string, string> = {}, remaining = 900_000) =>
  handler(eventOf({ file: script(text), env }), { getRemainingTimeInMillis: () => remaining });
const outputOf = async (text: string, env?: Record<string, string>) => (await run(text, env)).lastLine;

test('the last line of stdout is the output, without the spaces at its end', async () => {
  expect(await run('echo one; echo not this >&2; printf "two  \\r\\n"')).toEqual({ lastLine: 'two' });
  expect(await run('true')).toEqual({ lastLine: '' });
});

test('the script knows what its author gives and its run, and nothing else of the function', async () => {
  const names = await outputOf('env | cut -d= -f1 | sort | tr "\\n" " "', { DAY: 'x' });
  expect(names.split(' ').filter((name) => !['_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name))).toEqual([
    'AWS_ACCESS_KEY_ID',
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'DAY',
    'HOME',
    'PATH',
    'SLUICE_ATTEMPT',
    'SLUICE_DAG_ID',
    'SLUICE_DATA_INTERVAL_END',
    'SLUICE_DATA_INTERVAL_START',
    'SLUICE_LOGICAL_DATE',
    'SLUICE_RUN_ID',
    'SLUICE_TASK_ID',
    'TZ',
  ]);
  const told = 'echo $DAY $HOME $SLUICE_RUN_ID $SLUICE_LOGICAL_DATE $SLUICE_DATA_INTERVAL_END $SLUICE_TASK_ID';
  expect(await outputOf(told, { DAY: 'a  b' })).toBe(
    'a b /tmp 20261119T000000Z 2026-11-19T00:00:00Z 2026-11-20T00:00:00Z extract',
  );
});

test('it works in an empty directory under /tmp, which is gone afterwards, also where it fails', async () => {
  const directory = await outputOf('touch a; mkdir -p b/c; ls -A | wc -l >&2; pwd');
  expect(directory).toMatch(/^\/tmp\/sluice-bash-/);
  expect(existsSync(directory)).toBe(false);
  const failed = await run('touch a; pwd >&2; exit 1').catch((error: Error) => error.message);
  const [left = ''] = /\/tmp\/sluice-bash-\w+/.exec(String(failed)) ?? [];
  expect([left.length > 0, existsSync(left)]).toEqual([true, false]);
});

test('exit status 99 skips the task', async () => {
  await expect(run('echo nothing new >&2; exit 99')).rejects.toMatchObject({
    name: 'Sluice.Skipped',
    message: expect.stringMatching(/script-\d+\.sh exited with 99\. The end of its stderr:\nnothing new$/),
  });
});

test('any other exit status may pass by itself, and is told with the last lines of stderr', async () => {
  await expect(run('for n in {1..30}; do echo line $n >&2; done; exit 3')).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/exited with 3\. The end of its stderr:\nline 21\n(.*\n){8}line 30$/),
  });
  await expect(run('kill -9 $$')).rejects.toMatchObject({ message: expect.stringContaining('was ended by SIGKILL') });
});

test('without bash on the PATH that the author gives, it says that there is none', async () => {
  await expect(run('true', { PATH: '/nowhere' })).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: 'Starting bash: spawn bash ENOENT.',
  });
});

test('a last line that is too long for an output is terminal, and says what to do', async () => {
  await expect(run('head -c 9000 /dev/zero | tr "\\0" x')).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/more than 8192 characters\. Print a pointer/),
  });
});

test('what it prints goes line by line to the log, without the credentials of the role', async () => {
  const lines: unknown[] = [];
  const print = vi.spyOn(Object.getPrototypeOf(logger({ pipeline: 'p', run: 'r' })), 'info');
  print.mockImplementation((...line: unknown[]) => void lines.push(line));
  await run('echo out; echo err >&2');
  print.mockRestore();
  expect(lines).toEqual(
    expect.arrayContaining([
      ['out', { from: 'stdout' }],
      ['err', { from: 'stderr' }],
    ]),
  );
  await expect(run('echo $AWS_SESSION_TOKEN >&2; exit 1')).rejects.toMatchObject({
    message: expect.stringMatching(/stderr:\n\*\*\*$/),
  });
});

test('before the function’s time ends the script is told to end, with all that it started, and the error says so', async () => {
  const mark = join(aws.dir, 'alive');
  const text = `trap 'echo asked to end >&2; exit 0' TERM; (while sleep 0.1; do touch ${mark}; done) & sleep 60 & wait`;
  await expect(run(text, {}, 15_500)).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/was ended because the function's time was ending.*\nasked to end$/s),
  });
  rmSync(mark, { force: true });
  await sleep(300);
  expect(existsSync(mark)).toBe(false);
});

test('a script that does not end when it is told is killed', async () => {
  await expect(run("trap '' TERM; for n in {1..600}; do sleep 0.1; done", {}, 15_200)).rejects.toThrow('was ended');
});

test('a process that the script leaves behind does not hold the task up', async () => {
  const gate = join(aws.dir, 'gate');
  onTestFinished(() => writeFileSync(gate, ''));
  const waiting = `until [ -e ${gate} ]; do sleep 0.1; done`;
  expect(await outputOf(`(${waiting}) & setsid bash -c '${waiting}' & echo done`)).toBe('done');
});

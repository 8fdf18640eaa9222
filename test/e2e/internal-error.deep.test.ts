/** A fault of Sluice itself: no command shows a stack. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const FAULT = `throw Object.assign(new TypeError('no such thing'), { cause: new Error('deeper') });`;

test.for([
  ['thrown by a command', FAULT],
  [
    'thrown where no command waits for it',
    `setImmediate(() => { ${FAULT} }); await new Promise(() => setTimeout(() => {}, 60_000));`,
  ],
])('a fault %s is told in a line, with the file of its stack; exit status 1', async ([, fault]) => {
  project.write(
    'lib/cli/commands/graph.ts',
    `export const addGraph = (program: any) => program.command('graph').action(async () => { ${fault} });\n`,
  );
  const { code, stderr } = await sluice.run('graph');
  const [said, where = '', ...more] = stderr.trimEnd().split('\n');
  expect({ code, said, more }).toEqual({ code: 1, said: 'sluice: internal error: no such thing', more: [] });
  const log = /Its stack is in (\S+\.log)\./.exec(where)?.[1] ?? '';
  expect(log.startsWith(sluice.state)).toBe(true);
  expect(readFileSync(log, 'utf8')).toMatch(
    /^sluice graph\n[\s\S]*TypeError: no such thing\n {4}at [\s\S]*Cause: Error: deeper\n/,
  );
  rmSync(log);

  rmSync(sluice.state, { recursive: true });
  writeFileSync(sluice.state, 'no directory');
  const unwritten = await sluice.run('graph');
  expect(unwritten).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be written \(/) });
  expect(unwritten.stderr).not.toMatch(/^ {4}at /m);
  rmSync(sluice.state);
});

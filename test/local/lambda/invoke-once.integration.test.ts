import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invokeOnce } from '#local/lambda/index.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

/** The function with this source, on this payload. */
function invoke(source: string) {
  const code = temporaryDirectory();
  writeFileSync(join(code, 'index.js'), source);
  const limits = { timeoutSeconds: 30, memoryMegabytes: 128 };
  const fn = { name: 'f', code, handler: 'index.handler', ...limits, environment: { NAME: 'x' }, logGroup: '/f' };
  return invokeOnce(fn, { endpoint: 'http://127.0.0.1:1', payload: '{"n":1}', directory: temporaryDirectory() });
}

test('code that is deployed nowhere is invoked with its environment, and its lines are given', async () => {
  const { payload, failed, lines } = await invoke(
    'exports.handler = async ({ n }) => { console.log("at work"); return [n, process.env.NAME]; };',
  );
  expect([JSON.parse(payload), failed]).toEqual([[1, 'x'], false]);
  expect(lines.join('\n')).toMatch(/START.*at work.*REPORT/s);
});

test('an error of the code is an outcome', async () => {
  const { payload, failed } = await invoke('exports.handler = async () => { throw new TypeError("wrong"); };');
  expect([failed, JSON.parse(payload)]).toMatchObject([true, { errorType: 'TypeError', errorMessage: 'wrong' }]);
});

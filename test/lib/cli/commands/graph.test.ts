import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sluice } from '../../../worlds/command-line.ts';

const IMAGES = resolve(import.meta.dirname, '../../../../docs/img');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-graph-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('sluice graph writes Mermaid and SVG of the DAG and of the machine, and names the files', async () => {
  const { stdout, code } = await sluice('graph', 'github-to-redshift', '--out', join(dir, 'new'), '--json');
  const names = ['dag.mmd', 'dag.svg', 'machine.mmd', 'machine.svg'].map((end) => `github-to-redshift.${end}`);
  expect(readdirSync(join(dir, 'new')).sort()).toEqual(names);
  expect(JSON.parse(stdout).files.map((path: string) => resolve(path))).toEqual(
    names.map((name) => join(dir, 'new', name)),
  );
  expect(code).toBe(0);
});

test('the images in the docs are current: npx sluice graph github-to-redshift --out docs/img', async () => {
  await sluice('graph', 'github-to-redshift', '--out', dir);
  for (const name of readdirSync(dir)) {
    expect(readFileSync(join(IMAGES, name), 'utf8'), name).toBe(readFileSync(join(dir, name), 'utf8'));
  }
});

test('a pipeline that is not there is usage', async () => {
  expect(await sluice('graph', 'nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining("'nothing'") });
});

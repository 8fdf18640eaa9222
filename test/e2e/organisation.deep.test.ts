import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const project = new Project();
const sluice = project.sluice();

afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

test('an organisation is added as the README says, and is there with the next run', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, file = '', line = ''] =
    /## Add an organisation\n\nOne line in \[([\w./-]+)\].*\n\n```ts\n(.+)\n```/.exec(readme) ?? [];
  const config = project.path(file);
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace(/(export const orgs.*\n)/, `$1${line}\n`));
  const run = await sluice.json<{ status: string }>('run', 'github-to-redshift', '--date', '2026-11-19');
  expect(run.status).toBe('success');
  const [own] = await sluice.column('select count(*) from github_data."your-org_issues"');
  expect(own).toBeGreaterThan(100);
});

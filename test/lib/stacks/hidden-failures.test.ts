import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { synthesize } from '#lib/stacks/index.ts';
import { Dag, use } from '#sluice';
import { email } from '#tasks/email/task.ts';

async function warnings(isSeen: boolean): Promise<string[]> {
  const dag = new Dag('noticed', { schedule: null, startDate: '2026-01-01' });
  const news = { to: use('email', 'alerts'), subject: 's', message: 'm' };
  const load = dag.task('load', email(news));
  dag.task('tell', email(news), { triggerRule: 'one_failed' }).after(load);
  if (isSeen) dag.empty('loaded').after(load);
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-hidden-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const assembly = await synthesize({ outdir, pipelines: { noticed: { dag, tables: [] } } });
  const { messages } = assembly.getStackByName('Sluice-noticed');
  return messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data));
}

test('synthesizing warns of a leaf that hides failures, and not where another leaf sees them', async () => {
  expect(await warnings(false)).toEqual([
    expect.stringMatching(/^a run can succeed although load failed, since tell can end well all the same\./),
  ]);
  expect(await warnings(true)).toEqual([]);
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Dag } from '#lib/dag/index.ts';
import { synthesize } from '#lib/stacks/index.ts';

test('synthesizing tells which tasks begin later than they could', async () => {
  const dag = new Dag('crossing', { schedule: null, startDate: '2026-01-01' });
  const [a, b] = [dag.empty('a'), dag.empty('b')];
  dag.empty('c').after(a, b);
  dag.empty('d').after(b);
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-waits-'));
  const assembly = await synthesize({ outdir, pipelines: { crossing: { dag, tables: [] } } });
  const told = assembly.getStackByName('Sluice-crossing').messages.map(({ entry }) => String(entry.data));
  expect(told).toContainEqual(expect.stringContaining('d begins after a too, for which it need not wait'));
});

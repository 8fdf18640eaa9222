import { expect, test } from 'vitest';
import { readSettings } from '#lib/stacks/settings.ts';
import { defineConfig } from '#sluice';

const read = (context: Record<string, string>, config?: unknown) =>
  readSettings({ tryGetContext: (name: string) => context[name] } as never, config as never);

const config = defineConfig({
  stages: {
    default: { email: 'team@example.com' },
    dev: { pipelines: ['year'], zones: ['use1-az1', 'use1-az2', 'use1-az4'] },
  },
});

test('a stage has its own settings, and the command line is above them', () => {
  expect(read({}, config)).toMatchObject({ email: 'team@example.com', pipelines: ['github-to-redshift'] });
  expect(read({ stage: 'dev' }, config)).toMatchObject({
    stage: 'dev',
    pipelines: ['year'],
    zones: config.stages?.['dev']?.zones,
  });
  expect(read({ email: 'me@example.com', pipelines: 'a,b' }, config)).toMatchObject({
    email: 'me@example.com',
    pipelines: ['a', 'b'],
  });
});

test.for([
  [
    {},
    { stages: { default: { emial: 'a@example.com' } } },
    /sluice\.config\.ts:\n {2}stages: default: Unrecognized key: "emial"/,
  ],
  [{}, { stages: { default: { zones: ['a'] } } }, /stages: default: zones: /],
  [{}, { stage: {} }, /Unrecognized key: "stage"/],
  [{ stage: 'prd' }, config, /There is no stage 'prd' in sluice\.config\.ts, which has: default, dev\. Add it there\./],
  [{ zones: 'use1-az1' }, config, /-c zones=use1-az1: are three zones/],
] as const)('%j over %j is refused with its place', ([context, written, problem]) => {
  expect(() => read(context, written)).toThrow(problem);
});

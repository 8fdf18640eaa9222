import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dag } from '#lib/dag/index.ts';
import { published, table, use } from '#sluice';
import { htmlReport } from '#tasks/html-report/task.ts';
import { ofType, refusal, rightsOf, type Synthesized, synthesized, type Template } from '../../worlds/synthesized.ts';

function pipeline({ to = published, params = { day: '2026-01-01' } as Record<string, string> } = {}) {
  const dag = new Dag('news', { schedule: null, startDate: '2026-01-01' });
  const file = 'sql/songplays/report_quality.sql';
  const chart = { name: 'quality', title: 'Quality', kind: 'table', file, params } as const;
  dag.task('publish', htmlReport({ connection: use('redshift', 'warehouse'), title: 'News', charts: [chart], to }));
  return { news: { dag, tables: [] } };
}

let app: Synthesized;
beforeAll(async () => {
  app = await synthesized({ pipelines: pipeline() });
});
afterAll(() => app.remove());

test('a report may write what its pipeline publishes, and read and write nothing else of the lake', () => {
  const [role] = Object.entries(ofType(app.templates['Sluice-news'] as Template, 'AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('htmlreport'),
  );
  const ofLake = rightsOf(role?.[1] as never).filter((right) => / s3:/.test(right) && !right.includes('ledger/news/'));
  expect(ofLake).toEqual(['Allow s3:PutObject lake/published/news/*']);
});

test('a report that is written elsewhere, and a query that lacks a value, are refused', async () => {
  expect(await refusal({ pipelines: pipeline({ to: table('shop.orders') as never }) })).toMatch(
    /publish: to: 'shop\.orders' is not where reports lie\. Write to: published/,
  );
  expect(await refusal({ pipelines: pipeline({ params: {} }) })).toMatch(/report_quality\.sql names :day/);
});

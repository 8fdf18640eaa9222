/** What a pipeline whose connection refreshes its token may do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPipelines } from '#lib/pipelines/load.ts';
import { ofType, rightsOf, type Synthesized, synthesized, type Template } from '../../worlds/synthesized.ts';

let app: Synthesized;
beforeAll(async () => {
  const { pipelines } = await loadPipelines(['strava-activities']);
  app = await synthesized({ pipelines });
});
afterAll(() => app.remove());

test('its extract may read and write its own secret, and keep the lock of its token; nothing else may', () => {
  const roles = Object.entries(ofType(app.templates['Sluice-strava-activities'] as Template, 'AWS::IAM::Role'));
  const rights = (type: string) => roles.filter(([id]) => id.startsWith(type)).flatMap(([, role]) => rightsOf(role));
  expect(rights('resttos3')).toEqual(
    expect.arrayContaining([
      'Allow secretsmanager:GetSecretValue <Sluice:ConnectionStrava>',
      'Allow secretsmanager:PutSecretValue <Sluice:ConnectionStrava>',
      'Allow s3:GetObject lake/locks/strava/*',
      'Allow s3:PutObject lake/locks/strava/*',
      'Allow s3:ListBucket lake/ if {"StringLikeIfExists":{"s3:prefix":["locks/strava/*"]}}',
    ]),
  );
  const others = roles.filter(([id]) => !id.startsWith('resttos3')).flatMap(([, role]) => rightsOf(role));
  expect(others.filter((right) => /PutSecretValue|locks\//.test(right))).toEqual([]);
});

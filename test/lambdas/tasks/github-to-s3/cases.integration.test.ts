/** Small inputs that went wrong once, through the stand-in of GitHub, held against the pipeline's own declaration. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARATIONS } from '#lib/pipelines/github-to-redshift/tables.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { startGitHub } from '#local/sources/github/index.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../../shared/cases/${name}`, import.meta.url));

const CASES = [
  { name: 'field-constructor', quarantined: [], unknownFields: { constructor: 1 } },
  {
    name: 'object-in-text',
    quarantined: [{ column: 'body', reason: expect.stringMatching(/^expected a string, found \{/) }],
  },
  { name: 'invalid-utf8', quarantined: [{ reason: expect.stringMatching(/UTF-8/), base64: expect.any(String) }] },
];

describe.skipIf(!existsSync(folder('field-constructor')))('cases', () => {
  let aws: Aws;
  /** The same for all: a process reads a secret once. */
  let port = 0;
  beforeAll(async () => {
    aws = await openAws();
    describeFunction(aws, [{ ...DECLARATIONS.issues((name) => `g.${name}`), maxQuarantined: 9 }]);
  });
  afterAll(() => aws.close());

  test.each(CASES)('$name', async ({ name, quarantined, unknownFields = {} }) => {
    const api = await startGitHub({ source: folder(name), port });
    port = Number(new URL(api.url).port);
    try {
      setToken(aws, 'any', api.url);
      const to = { kind: 'lake', dataset: 'issues', table: 'g.issues' };
      const of = {
        connection: github,
        org: 'astronomerio',
        repository: 'r',
        object: 'issues',
        query: { state: 'all' },
      };
      const { manifest } = await handler(eventOf({ ...of, to }));
      const found = await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), manifest);
      const rejected = (await aws.lines(found.quarantine)).map((line) => JSON.parse(line));
      expect(rejected).toEqual(quarantined.map((one) => expect.objectContaining(one)));
      expect(found.unknownFields).toMatchObject(unknownFields);
      expect(found.counts.staged).toBe(found.counts.extracted - quarantined.length);
    } finally {
      await api.close();
    }
  });
});

/** What comes of bytes that are no JSON, or no text at all: kept as they came, and set aside. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf } from '#lambdas/lake/raw-line.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

let aws: Aws;
let store: Store;
let api: Github;
let body: Uint8Array;
beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: aws.client, bucket: BUCKET });
  const title = { name: 'title', type: 'varchar(40)' } as const;
  const columns = [{ name: 'id', type: 'int8' } as const, title];
  describeFunction(aws, [{ name: 'g.issues', columns, primaryKey: ['id'], maxQuarantined: 9 }]);
  api = await openGithub(() => ({ body }));
  setToken(aws, 'ghp', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

const titled = (title: Uint8Array | string) =>
  Buffer.concat([Buffer.from('{"id":1,"title":"'), Buffer.from(title), Buffer.from('"}')]);
const SPOILED: Record<string, Buffer> = {
  'bytes that are no UTF-8': titled(Buffer.of(0x61, 0xff, 0xc3, 0x28)),
  'half a surrogate pair as three bytes': titled(Buffer.of(0xed, 0xa0, 0x80)),
  'a character cut off by the end of its string': titled(Buffer.of(0xe2, 0x82)),
  'a carriage return inside a string': titled('a\rb'),
  'line ends inside a string': titled('a\r\nb\n'),
  'a control character inside a string': titled('a\u0001b'),
  'no JSON': Buffer.from('{"id":1,"title":}'),
  'an escape before the object': Buffer.from('\u001b{"id":1}'),
  'a mark of the byte order inside the list': Buffer.from('\ufeff{"id":1}'),
};

/** Raw and quarantine of an extract, as bytes. */
async function keptBy(output: { manifest: string }) {
  const { raw, quarantine, counts } = await readManifest(store, output.manifest);
  const linesOf = async (parts: readonly { key: string }[]) => {
    const files = await Promise.all(parts.map(async ({ key }) => gunzipSync(await aws.bytes(key)).toString('latin1')));
    return files.flatMap((text) =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => Buffer.from(line, 'latin1')),
    );
  };
  const rejected = (await linesOf(quarantine)).map((line) => JSON.parse(line.toString()));
  return { counts, raw: (await linesOf(raw)).map((line) => Buffer.from(recordOf(line))), rejected };
}

test.each(Object.keys(SPOILED))('%s: the record is in quarantine, and in raw byte for byte', async (what) => {
  const [sound, spoiled] = [titled('ü'), SPOILED[what] as Buffer];
  body = Buffer.concat([Buffer.from('['), spoiled, Buffer.from(',\n'), sound, Buffer.from(']')]);
  const run = someRun();
  const input = {
    connection: github,
    org: 'o',
    repository: 'r',
    object: 'issues',
    to: { kind: 'lake', dataset: 'i', table: 'g.issues' },
  };
  const first = await keptBy(await handler(eventOf(input, { run })));
  expect(first.counts).toEqual({ extracted: 2, staged: 1, quarantined: 1 });
  expect(first.raw).toEqual([spoiled, sound]);
  const [{ record, base64 }] = first.rejected;
  expect(base64 === undefined ? Buffer.from(record) : Buffer.from(base64, 'base64')).toEqual(spoiled);

  const again = await keptBy(await handler(eventOf(input, { run: { ...run, clearing: 2, fromRaw: true } })));
  expect(again).toEqual(first);
});

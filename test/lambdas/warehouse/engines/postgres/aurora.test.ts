import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { auroraServer } from '#lambdas/warehouse/engines/postgres/aurora.ts';
import { connectFailure } from '#lambdas/warehouse/engines/postgres/errors.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';

const HOST = 'sluice-shop-db.cluster-abc.eu-west-1.rds.amazonaws.com';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const aurora = auroraServer({ host: HOST, dbname: 'sluice', username: 'sluice_dev' });
const token = (): Promise<string> => (aurora.password as () => Promise<string>)();

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_SESSION_TOKEN', 'a/session+token==');
});
afterEach(() => vi.unstubAllEnvs());

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature Version 4 of a presigned GET, as its specification has it. */
function signatureOf({ host, searchParams }: URL): string {
  const [, date = '', region = '', service = ''] = searchParams.get('X-Amz-Credential')?.split('/') ?? [];
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const request = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', searchParams.get('X-Amz-Date'), scope, sha256(request)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, text).toString('hex');
}

test('the password is a request to connect as the user, signed by the function’s role for 15 minutes', async () => {
  const text = await token();
  expect(text.startsWith(`${HOST}:5432/?`)).toBe(true);
  const url = new URL(`https://${text}`);
  const { 'X-Amz-Signature': signature, ...asked } = Object.fromEntries(url.searchParams);
  expect(asked).toMatchObject({
    Action: 'connect',
    DBUser: 'sluice_dev',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'a/session+token==',
  });
  expect(asked['X-Amz-Credential']).toMatch(/^ASIAEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/);
  expect(signature).toBe(signatureOf(url));
});

test('the server must prove its name', () => {
  expect(aurora).toMatchObject({ host: HOST, port: 5432, dbname: 'sluice', sslmode: 'verify-full' });
});

test('a refused token asks for a deploy, and a server that does not wake in time is tried again', () => {
  const refused = connectFailure('Loading', aurora, Object.assign(new Error('PAM failed'), { code: '28000' }));
  expect(refused).toBeInstanceOf(Terminal);
  expect(refused.message).toMatch(/as sluice_dev: PAM failed\. Deploy the platform stack and the pipeline again/);
  expect(connectFailure('Loading', aurora, new Error('timeout expired'))).toBeInstanceOf(Transient);
});

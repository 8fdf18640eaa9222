/** The one account and region of the embedded AWS. */
import { createHash } from 'node:crypto';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** @example arn('lambda', 'function:hello') // arn:aws:lambda:us-east-1:000000000000:function:hello */
export const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** The same letters for the same seed, where AWS draws them: names must outlive a restart. */
export const letters = (seed: string, length: number): string =>
  createHash('sha256')
    .update(seed)
    .digest('base64')
    .replaceAll(/[^A-Za-z]/g, '')
    .slice(0, length);

/** What an AWS client needs in its environment to reach the endpoint at `url`. */
export const clientEnvironment = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'embedded',
  AWS_SECRET_ACCESS_KEY: 'embedded',
});

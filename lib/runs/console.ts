/** The pages of AWS's console. */

/** By the beginning of a region's name: of each partition other than the first. */
const HOSTS: Readonly<Record<string, string>> = {
  'cn-': 'console.amazonaws.cn',
  'us-gov-': 'console.amazonaws-us-gov.com',
};

/** @param path with its query, after the host: `states/home?region=eu-west-1` */
export function consoleUrl(region: string, path: string): string {
  const [, host = 'console.aws.amazon.com'] =
    Object.entries(HOSTS).find(([beginning]) => region.startsWith(beginning)) ?? [];
  return `https://${region}.${host}/${path}`;
}

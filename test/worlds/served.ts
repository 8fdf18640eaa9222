/** `sluice local`, for tests that work on it from outside. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The environment that `sluice local` prints, once it has printed it whole. */
export async function exported(stdout: NodeJS.ReadableStream): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const line of createInterface({ input: stdout })) {
    const [, name, value = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (found['AWS_ENDPOINT_URL'] && found['AWS_SECRET_ACCESS_KEY']) break;
  }
  return found;
}

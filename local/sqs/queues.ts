/** Queues, as far as this app needs them: a place for what could not be delivered. Read with any editor. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Appends a message to `<directory>/<queue>.ndjson`. */
export async function sendMessage(directory: string, queueArn: string, body: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const line = JSON.stringify({ sentAt: new Date().toISOString(), body });
  await appendFile(join(directory, `${queueArn.split(':').at(-1)}.ndjson`), `${line}\n`);
}

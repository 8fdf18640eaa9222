/** What no command foresaw: a fault of Sluice, told in a line. Its stack is for those who mend it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE } from './deployment/place.ts';

/**
 * Says it, and where its stack lies.
 * @returns the exit status
 */
export function reportInternal(error: unknown): number {
  const { message } = error instanceof Error ? error : { message: String(error) };
  console.error(`sluice: internal error: ${message}`);
  console.error(`${kept(error)} Please report it with that, and with what you did.`);
  return 1;
}

function kept(error: unknown): string {
  const directory = join(STATE, 'logs');
  const file = join(directory, `internal-error-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}.log`);
  const text = `sluice ${process.argv.slice(2).join(' ')}\nNode ${process.versions.node}\n${stacksOf(error)}\n`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
    return `This is a fault of Sluice. Its stack is in ${file}.`;
  } catch (cause) {
    return `This is a fault of Sluice. ${file} cannot be written (${(cause as Error).message}), so this is all of it.`;
  }
}

function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}${error.cause === undefined ? '' : `\nCause: ${stacksOf(error.cause)}`}`;
}

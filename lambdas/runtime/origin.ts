/** Where in the project's code an error was thrown, whose stack names lines of a minified bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { SluiceError } from '#lib/contract/errors.ts';

/** A call in a stack: file, line and column, between brackets or at the end of the line. */
const CALL = /([^\s(]+\.js):(\d+:\d+)/g;
/** A call in the project's own code, in a stack that was translated: its file is named from the project's root. */
const OWN = /[ (]((?!\S*node_modules\/|node:|file:|\/)[^\s()]+\.[cm]?[jt]s):(\d+):\d+\)?$/m;

/**
 * Translates the stacks of an error that nobody foresaw, and of its causes, to the files that were bundled, and ends its
 * message with file and line of the project's code that threw it: `x is not a function (lambdas/tasks/own/handler.ts:12)`.
 * In place, as what is rethrown is what was caught. Errors of the closed list say all there is to say, and stay as they are.
 */
export function showOrigin<E>(error: E): E {
  if (!(error instanceof Error) || error instanceof SluiceError) return error;
  for (let at: unknown = error; at instanceof Error; at = at.cause) change(at, 'stack', translated(at.stack ?? ''));
  const [, file, line] = OWN.exec(callsOf(error)) ?? [];
  if (file !== undefined) change(error, 'message', `${error.message} (${file}:${line})`);
  return error;
}

/** The stack without what the error says, which may name files of its own. */
const callsOf = ({ stack = '' }: Error): string => stack.slice(stack.search(/^ {4}at /m));

const translated = (stack: string): string =>
  stack.replace(CALL, (call, file: string, position: string) => {
    const [line = 1, column = 1] = position.split(':').map(Number);
    const origin = mapOf(file)?.findEntry(line - 1, column - 1);
    return origin && 'originalSource' in origin
      ? `${origin.originalSource}:${origin.originalLine + 1}:${origin.originalColumn + 1}`
      : call;
  });

/** Large, so they are read once, and only where something was thrown. */
const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

const readMap = (file: string): SourceMap | undefined =>
  existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined;

const change = (error: Error, field: 'message' | 'stack', value: string): void =>
  void Object.defineProperty(error, field, { value, writable: true, configurable: true });

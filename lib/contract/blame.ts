/** An error in code that an author wrote, as one line that says where. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { problems } from './problems.ts';

/**
 * What went wrong, behind the file and line of the project's code in which it did: `lib/pipelines/a/dag.ts:3: …`.
 * @param root of the project
 */
export function blame(error: unknown, root: string): string {
  if (!(error instanceof Error)) return String(error);
  const place = placeOf(error, root);
  const message = error instanceof z.ZodError ? problems(error) : messageOf(error, root);
  return place === undefined ? message : `${place}: ${message}`;
}

const LOCATION = /(file:\/\/[^\s()]+?|\/[^\s()]+?):(\d+)(?::\d+)?/;

/** The first line of the stack that is in the project's own code. Of a syntax error it stands above the message. */
function placeOf(error: Error, root: string): string | undefined {
  const missing = /^Cannot find (?:module|package) '([^']+)' imported from (\S+?)'?$/m.exec(error.message);
  if (missing) return importOf(missing[1] ?? '', missing[2] ?? '', root);
  for (const line of (error.stack ?? '').split('\n')) {
    const [, file, number] = LOCATION.exec(line) ?? [];
    const path = file === undefined ? undefined : pathIn(root, file);
    if (path !== undefined) return `${path}:${number}`;
  }
  return undefined;
}

function pathIn(root: string, file: string): string | undefined {
  const path = relative(root, file.startsWith('file:') ? fileURLToPath(file) : file);
  return path.startsWith('..') || path.startsWith('node_modules') ? undefined : path;
}

/** Node does not say on which line the import stands: it ends in what is the module's name everywhere. */
function importOf(module: string, importer: string, root: string): string | undefined {
  const path = pathIn(root, importer);
  if (path === undefined) return undefined;
  const name = module.split('/').at(-1) ?? module;
  const line = readFileSync(importer, 'utf8')
    .split('\n')
    .findIndex((text) => /\bfrom\b|\bimport\b/.test(text) && text.includes(name));
  return line < 0 ? path : `${path}:${line + 1}`;
}

function messageOf({ name, message }: Error, root: string): string {
  const text = message.replaceAll(`${root}/`, '').replace(/ imported from .*/s, '');
  return name === 'Error' || name === 'DagError' || name === 'AppError' ? text : `${name}: ${text}`;
}

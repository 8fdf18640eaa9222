import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = [
  'bin',
  'lib',
  'lambdas',
  'local',
  'sql',
  'package.json',
  'sluice.config.ts',
  'tsconfig.json',
  'cdk.json',
];

/** A copy of the project, in which a test may write pipelines of its own. It removes it. */
export function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-project-'));
  for (const path of SOURCES) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
/** What is its own; tables.ts says what its files hold. */
const FOLDERS = ['lib/pipelines/songplays', 'lambdas/sources/songplays', 'sql/songplays'];
const files = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)));
const own = files.filter((file) => /\.(ts|sql|sh)$/.test(file) && !file.endsWith('tables.ts'));

test('a pipeline is mostly configuration and SQL: 600 lines besides its tables', () => {
  expect(own.length).toBeGreaterThan(15);
  const lines = own.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
  expect(lines).toBeLessThanOrEqual(600);
});

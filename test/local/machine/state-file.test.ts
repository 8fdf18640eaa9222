import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { readOrSetAside, readState, writeState } from '#local/machine/state-file.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-state-'));
  file = join(dir, 'names.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

const of = () => ({ file, schema: z.object({ name: z.string() }), holds: 'the names', wayOut: 'Remove it.' });

test('what was written is read, readable by its owner only; a file that is not there holds nothing', () => {
  expect(readState(of())).toBeUndefined();
  writeState(file, { name: 'a' });
  writeState(file, { name: 'b' });
  expect(readState(of())).toEqual({ name: 'b' });
  expect(readdirSync(dir)).toEqual(['names.json']);
});

test.each([
  ['', 'it is empty'],
  ['{"name":', 'it is no JSON'],
  ['{"name":1}', 'expected string, received number'],
])('a file that holds %j is named, with what it holds and the way out', (text, problem) => {
  writeFileSync(file, text);
  expect(() => readState(of())).toThrow(`${file}, which holds the names, is damaged: `);
  expect(() => readState(of())).toThrow(problem);
  expect(() => readState(of())).toThrow(/ Remove it\.$/);
});

test('what can be done without is moved aside, and told once', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  writeFileSync(file, 'damaged');
  expect([readOrSetAside(of()), readOrSetAside(of())]).toEqual([undefined, undefined]);
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('damaged');
  expect(told.mock.calls).toEqual([[expect.stringContaining(`It is now ${file}.damaged.`)]]);
  told.mockRestore();
});

test.skipIf(!existsSync('/dev/full'))('on a full disk the file is named, and is as it was', () => {
  writeState(file, { name: 'a' });
  symlinkSync('/dev/full', `${file}.next`);
  expect(() => writeState(file, { name: 'b' })).toThrow(`${file} cannot be written, and is as it was: ENOSPC`);
  expect(readState(of())).toEqual({ name: 'a' });
  expect(readdirSync(dir)).toEqual(['names.json']);
});

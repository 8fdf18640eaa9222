import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Journal } from '#local/s3/journal.ts';
import { removeDir } from '../../worlds/local/s3-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-journal-'));
const path = join(dir, 'journal');
afterEach(() => removeDir(path));
afterAll(() => removeDir(dir));

const open = () => new Journal<number>(path);

test('changes are there again after reopening', () => {
  const journal = open();
  journal.set('a', 1);
  journal.set('b', 2);
  journal.set('a', null);
  journal.close();
  const again = open();
  expect([...again.keys()]).toEqual(['b']);
  expect(again.get('b')).toBe(2);
  again.close();
});

test('a last line that was cut off never happened, and does not damage the next', () => {
  writeFileSync(path, '["a",1]\n["b",');
  const journal = open();
  journal.set('c', 3);
  journal.close();
  expect([...open().keys()]).toEqual(['a', 'c']);
});

test('a damaged line before the end is an error that says where', () => {
  writeFileSync(path, '["a",1]\n');
  appendFileSync(path, 'garbage\n["b",2]\n');
  expect(open).toThrow(`line 2 of ${path} is not JSON`);
});

test('a journal of many changes to few keys is shortened when it is opened', () => {
  const journal = open();
  for (let n = 0; n < 1000; n += 1) journal.set('a', n);
  journal.close();
  expect(open().get('a')).toBe(999);
  expect(readFileSync(path, 'utf8')).toBe('["a",999]\n');
});

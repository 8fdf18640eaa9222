import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Journal } from '#local/s3/journal.ts';
import { removeDir } from '../../worlds/local/s3-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-journal-'));
const path = join(dir, 'journal');
afterEach(() => removeDir(path));
afterAll(() => removeDir(dir));

const lines = (...all: [string, number][]) => all.map((line) => `${JSON.stringify(line)}\n`).join('');
const open = () => new Journal(path, (value) => typeof value === 'number');

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

test.each(['garbage', '["b"]', '["b","2"]', '{"b":2}', ''])(
  'a damaged line, %j, is an error that says where',
  (line) => {
    writeFileSync(path, '["a",1]\n');
    appendFileSync(path, `${line}\n["b",2]\n`);
    expect(open).toThrow(`Line 2 of ${path}, which`);
  },
);

test.skipIf(process.platform === 'win32')('on a full disk a change is refused, and no half line stays behind', () => {
  writeFileSync(path, lines(['a', 1]));
  // A file may grow to 1,024 bytes here: of the line that does not fit, a part is written first.
  const script = `
    import { Journal } from '${resolve('local/s3/journal.ts')}';
    const journal = new Journal('${path}', () => true);
    journal.set('${'b'.repeat(900)}', 2);
    try { journal.set('${'c'.repeat(900)}', 3); } catch ({ message }) { console.log(message); }
    journal.set('d', 4);`;
  const limited = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module --eval "$1"';
  const said = execFileSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  expect(said).toContain(`${path} cannot be written: EFBIG`);
  expect([...open().keys()]).toEqual(['a', 'b'.repeat(900), 'd']);
});

test('a journal of many changes to few keys is shortened when it is opened', () => {
  const journal = open();
  for (let n = 0; n < 1000; n += 1) journal.set('a', n);
  journal.close();
  expect(open().get('a')).toBe(999);
  expect(readFileSync(path, 'utf8')).toBe('["a",999]\n');
});

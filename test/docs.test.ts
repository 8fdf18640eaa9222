/** The documentation against what there is: paths, links, scripts and commands that it names. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { sluice } from './worlds/command-line.ts';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const documents = tracked.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md' && existsSync(file));
const textOf = (file: string): string => readFileSync(file, 'utf8');
/** What blocks of code name, a reader may write. */
const proseOf = (file: string): string => textOf(file).replace(/^```[\s\S]*?^```$/gm, '');
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, one = '']) => one);

test.each(documents)('the paths and links of %s lead to files', (file) => {
  const paths = found(proseOf(file), /`((?:bin|docs|lambdas|lib|local|scripts|sql|test)\/[\w./-]*)`/g);
  const links = found(proseOf(file), /\]\(([^)#:]+)(?:#[^)]*)?\)/g);
  const beside = (path: string) => join(dirname(file), path);
  expect(paths.filter((path) => !existsSync(path) && !existsSync(beside(path)))).toEqual([]);
  expect(links.filter((path) => !existsSync(beside(path)))).toEqual([]);
});

test.each(documents)('the links of %s into sections lead to headings', (file) => {
  const slugsOf = (target: string) =>
    found(textOf(target), /^#+ (.+)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  const links = [...textOf(file).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
  const absent = links.filter(
    ([, to = '', slug = '']) => !slugsOf(to === '' ? file : join(dirname(file), to)).includes(slug),
  );
  expect(absent.map(([link]) => link)).toEqual([]);
});

test.each(documents)('%s names npm scripts that there are, and holds no conflict', (file) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const named = found(textOf(file), /npm run ([\w:-]+)/g);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  expect(textOf(file)).not.toMatch(/^(<{7}|={7}|>{7})( |$)/m);
});

/** Each `sluice …` of a text: the words of the command, and the options up to the end of the line or the next program. */
const commandsIn = (text: string) =>
  text.split(/\n|(?=\b(?:cdk|npm|sluice|vitest) )/).flatMap((part) => {
    const [, words] = /^sluice ([a-z]+(?: [a-z]+)?)/.exec(part) ?? [];
    return words === undefined ? [] : [{ words: words.split(' '), options: found(part, /[ `](--[a-z-]+)/g) }];
  });

/** As the program prints it; without a command of that name, nothing. */
async function helpOf(command: readonly string[]): Promise<string> {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    await sluice(...command, '--help');
  } finally {
    write.mockRestore();
  }
  return written.join('');
}

test('the commands and options that the documentation names are in their help', async () => {
  const named = documents.flatMap((file) => commandsIn(textOf(file).replaceAll('npx sluice', 'sluice')));
  expect(named.length).toBeGreaterThan(30);
  const absent: string[] = [];
  for (const { words, options } of named) {
    const help = await helpOf(words);
    if (!help.startsWith(`Usage: sluice ${words[0]} `)) absent.push(words.join(' '));
    absent.push(...options.filter((option) => !help.includes(option)).map((option) => [...words, option].join(' ')));
  }
  expect(absent).toEqual([]);
});

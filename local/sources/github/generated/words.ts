import { between, pick, type Random } from './random.ts';

const WORDS = (
  'scheduler worker task run log retry operator hook connection variable template image chart upgrade deploy release ' +
  'error timeout memory queue pool slot trigger backfill catchup interval timezone token secret header page cursor ' +
  'fails hangs returns ignores drops duplicates overwrites crashes when after before without during while with ' +
  'the a this every first last empty large missing wrong stale slow flaky'
).split(' ');

const FOREIGN = [
  'Größenänderung schlägt fehl',
  'не работает после обновления',
  '日本語のログが文字化けする',
  'crème brûlée ☕ naïve',
  '🚀🎉 done',
  '𝒳-axis label',
  '"quoted" and \\escaped\\',
  "it's a 100% \ttab",
];

const CODE =
  '```\r\nTraceback (most recent call last):\r\n  File "dag.py", line 42, in <module>\r\nKeyError: \'conf\'\r\n```';

const sentence = (random: Random): string => {
  const words = Array.from({ length: between(random, [4, 14]) }, () => pick(random, WORDS));
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${random() < 0.1 ? ` ${pick(random, FOREIGN)}` : ''}`;
};

export const title = (random: Random): string => sentence(random).slice(0, 200);

const paragraphs = (random: Random, count: number): string[] =>
  Array.from({ length: count }, () => {
    if (random() < 0.12) return CODE;
    return Array.from({ length: between(random, [1, 5]) }, () => `${sentence(random)}.`).join(' ');
  });

/** As people write them: often short, sometimes none or very long, with the line ends of browsers or of editors. */
export const body = (random: Random): string | null => {
  const kind = random();
  if (kind < 0.04) return null;
  if (kind < 0.07) return '';
  const count = kind > 0.99 ? between(random, [80, 150]) : between(random, [1, 8]);
  return paragraphs(random, count).join(random() < 0.6 ? '\r\n\r\n' : '\n\n');
};

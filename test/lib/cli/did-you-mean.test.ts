import { expect, test } from 'vitest';
import { didYouMean } from '#lib/cli/did-you-mean.ts';

test.for([
  ['laod', "Did you mean 'load'?"],
  ['extracts', "Did you mean 'extract'?"],
  ['ext', "Did you mean 'extract'?"],
  ['quite-another', ''],
] as const)('%s: %s', ([text, sentence]) => {
  expect(didYouMean(text, ['extract', 'load', 'a']).trim()).toBe(sentence);
});

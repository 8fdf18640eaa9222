import { expect, test } from 'vitest';
import { consoleUrl } from '#lib/runs/console.ts';

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/states/home?region=us-gov-west-1'],
])('the console of %s is that of its partition', (region, url) => {
  expect(consoleUrl(region, `states/home?region=${region}`)).toBe(url);
});

import { expect, test } from 'vitest';
import { inputFor } from '#local/events/target-input.ts';

const event = { time: '2026-11-20T00:00:00Z', detail: { n: 1, text: 'say "no"' } };

test.each([
  ['nothing asked: the whole event', {}, event],
  ['Input: as it is', { Input: '{"a":1}' }, { a: 1 }],
  ['InputPath: a part', { InputPath: '$.detail.n' }, 1],
  [
    'InputTransformer: a value with its type',
    { InputTransformer: { InputPathsMap: { n: '$.detail.n', t: '$.time' }, InputTemplate: '{"n":<n>,"tick":<t>}' } },
    { n: 1, tick: '2026-11-20T00:00:00Z' },
  ],
  [
    'InputTransformer: a value within text',
    { InputTransformer: { InputPathsMap: { x: '$.detail.text' }, InputTemplate: '"they <x>"' } },
    'they say "no"',
  ],
  [
    'InputTransformer: an object, a missing value, the event itself',
    {
      InputTransformer: {
        InputPathsMap: { d: '$.detail', m: '$.missing' },
        InputTemplate: '{"d":<d>,"m":<m>,"e":<aws.events.event.json>}',
      },
    },
    { d: event.detail, m: '', e: event },
  ],
])('%s', (_, target, expected) => {
  expect(JSON.parse(inputFor(target, event))).toEqual(expected);
});

/** Params as any starter may give them (a console, an event, another pipeline), against what the DAG declares. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readParams } from '#lambdas/run/params.ts';
import { Dag } from '#sluice';
import { compiled } from '../../worlds/machines.ts';

/** What begin is told of a pipeline with these params. */
function pipelineWith(params?: z.ZodObject) {
  const dag = new Dag('daily', { schedule: '@daily', startDate: '2026-01-01', ...(params && { params }) });
  dag.empty('nothing');
  const begin = compiled(dag.graph()).States['Begin run'] as unknown as {
    readonly Arguments: { readonly Payload: { readonly pipeline: Parameters<typeof readParams>[0]['pipeline'] } };
  };
  return begin.Arguments.Payload.pipeline;
}

const declared = z.object({
  org: z.string().default('astronomer'),
  full: z.boolean().default(false),
  day: z.iso.date().optional(),
  at: z.iso.datetime({ local: true }).optional(),
  mode: z.enum(['new', 'all']).default('new'),
  limits: z.object({ pages: z.int().min(1).default(10), names: z.array(z.string()).default([]) }).optional(),
});
const pipeline = pipelineWith(declared);
const read = (params?: Record<string, unknown>) => readParams({ pipeline, input: params ? { params } : {} });

test('what fits is taken as it is, with the defaults of what is left out, at any depth', () => {
  const defaults = { org: 'astronomer', full: false, mode: 'new' };
  expect(read()).toEqual(defaults);
  expect(read({ full: true, at: '2026-01-01T10:00:00' })).toEqual({
    ...defaults,
    full: true,
    at: '2026-01-01T10:00:00',
  });
  expect(read({ limits: { pages: 3 } })).toEqual({ ...defaults, limits: { pages: 3, names: [] } });
});

test.each([
  [{ org: 3 }, 'params: org: Invalid input: expected string, received number'],
  [{ full: 'true' }, 'params: full: Invalid input: expected boolean, received string'],
  [{ orgs: 'a' }, 'params: Unrecognized key: "orgs"'],
  [{ day: '2026-02-30' }, 'params: day: Invalid ISO date'],
  [{ mode: 'some' }, 'params: mode: Invalid option'],
  [{ limits: { pages: 0 } }, 'params: limits.pages: Too small'],
  [{ limits: { names: ['a', 1] } }, 'params: limits.names[1]: Invalid input: expected string'],
])('%j is refused, naming the param and those that there are', (params, message) => {
  const refused = () => read(params);
  expect(refused).toThrow(expect.objectContaining({ name: 'Sluice.Terminal' }));
  expect(refused).toThrow(`Beginning a run of daily: ${message}`);
  expect(refused).toThrow('(params of daily: org, full, day, at, mode, limits)');
});

test('a DAG without params takes none; a machine that tells nothing of its params takes any', () => {
  expect(() => readParams({ pipeline: pipelineWith(), input: { params: { org: 'a' } } })).toThrow(
    '(params of daily: none)',
  );
  const { params: _, ...silent } = pipeline;
  expect(readParams({ pipeline: silent, input: { params: { any: 1 } } })).toEqual({ any: 1 });
});

/** Params are what is left after parsing: defaults, coercions and transforms have been applied by whoever starts a run. */
const ANY: Record<string, readonly [z.ZodType, unknown]> = {
  coerced: [z.coerce.number(), 2],
  transformed: [z.string().transform(Number), 4],
  union: [z.union([z.string(), z.int()]), 1],
  either: [
    z.discriminatedUnion('k', [z.object({ k: z.literal('a'), v: z.int() }), z.object({ k: z.literal('b') })]),
    { k: 'b' },
  ],
  both: [z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })), { a: 1, b: 2 }],
  tuple: [z.tuple([z.string(), z.int()]), ['a', 1]],
  record: [z.record(z.string(), z.int()), { a: 1 }],
  some: [z.partialRecord(z.enum(['a', 'b']), z.int()), { a: 1 }],
  nothing: [z.string().nullable(), null],
  instant: [z.iso.datetime({ offset: true }), '2026-01-01T00:00:00+03:00'],
  address: [z.url(), 'https://example.org/x'],
  id: [z.uuid({ version: 'v4' }), '123e4567-e89b-42d3-a456-426614174000'],
  template: [z.templateLiteral(['a', z.int()]), 'a1'],
  refined: [z.string().refine((text) => text !== 'bad'), 'good'],
  open: [z.looseObject({ a: z.int() }), { a: 1, b: 2 }],
  json: [z.json(), { x: [1, null] }],
};

test.each(Object.entries(ANY))(
  'a value of a param of the kind %s that fits is taken unchanged',
  (name, [schema, value]) => {
    const params = { [name]: value };
    const of = pipelineWith(z.object({ [name]: schema.optional() }));
    expect(readParams({ pipeline: of, input: { params } })).toEqual(params);
  },
);

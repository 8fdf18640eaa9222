/** What a task is given against what its type takes, and what its references read against what there will be. */
import * as z from 'zod';
import { run } from '#lib/contract/envelope.ts';
import type { Node } from './node.ts';
import { isLiteral, isReference, kindOf, plain, type Reading, type Root, readingsOf } from './ref.ts';
import { ANYTHING, at, fieldsOf, innermost, kindsOf } from './schemas.ts';
import { Task } from './task.ts';

type Schema = z.core.$ZodType;
/** What a root gives. */
type Gives = (root: Root) => Schema;

const RUN = run.omit({ params: true, kept: true, items: true }).extend({ date: z.string() });

const KNOWN: Readonly<Record<string, Schema>> = { '@run': RUN, '@index': z.int(), '@key': z.string() };

/** What references of a DAG's node read. */
export const givesTo =
  (node: Node, params: z.ZodObject | undefined): Gives =>
  (root) => {
    if (root instanceof Task) return outputOf(root);
    if (root.id === '@params') return params ?? z.object({});
    const known = KNOWN[root.id];
    if (known) return known;
    const over = node instanceof Task ? node.placed.map?.over : undefined;
    const [list] = readingsOf(over);
    return (list && at(read(list, givesTo(node, params)) ?? ANYTHING, '0')) ?? ANYTHING;
  };

const outputOf = ({ placed: { call, map } }: Task): Schema =>
  call ? (map ? z.array(call.type.output) : call.type.output) : z.null();

const read = ({ root, path }: Reading, gives: Gives): Schema | undefined =>
  path.reduce<Schema | undefined>((schema, field) => schema && at(schema, field), gives(root));

/** References, however deep in a value, to what there will never be. */
export const wrongReadings = (value: unknown, gives: Gives): string[] =>
  readingsOf(value).flatMap((reading) => {
    const missing = reading.path.findIndex((_, n) => !read({ ...reading, path: reading.path.slice(0, n + 1) }, gives));
    if (missing < 0) return [];
    const parent = read({ ...reading, path: reading.path.slice(0, missing) }, gives);
    const known = parent && Object.keys(fieldsOf(parent) ?? {}).join(', ');
    return [
      `reads ${nameOf(reading)}, and there is no '${reading.path[missing]}'${known ? ` (there are: ${known})` : ''}`,
    ];
  });

const nameOf = ({ root, path }: Reading): string =>
  [root instanceof Task ? `${root.id}.output` : root.id.replace('@', ''), ...path].join('.');

/** What is wrong with an input, each problem with its field. */
export function wrongInput(schema: z.ZodObject, input: object, gives: Gives): string[] {
  if (isLiteral(input)) return [...issuesOf(schema, input, []), ...unknownFields(schema, input, [])];
  return [...wrongFields(schema, input, { path: [], gives }), ...unknownFields(schema, input, [])];
}

interface Here {
  readonly path: readonly string[];
  readonly gives: Gives;
}

function wrongFields(schema: Schema, value: object, { path, gives }: Here): string[] {
  const fields = fieldsOf(schema);
  if (!fields) return [];
  const given = new Map(Object.entries(value));
  return Object.entries(fields).flatMap(([name, field]) =>
    wrongValue(field, given.get(name), { path: [...path, name], gives }),
  );
}

function wrongValue(schema: Schema, value: unknown, here: Here): string[] {
  if (isReference(value)) return wrongKind(schema, value, here);
  if (isLiteral(value)) return issuesOf(schema, value, here.path);
  return fieldsOf(innermost(schema)) ? wrongFields(schema, value as object, here) : [];
}

/** A text where a number is wanted. */
function wrongKind(schema: Schema, value: unknown, { path, gives }: Here): string[] {
  const wanted = kindsOf(schema);
  const [reading] = readingsOf(value);
  const found = kindOf(value) ?? (reading && kindsOf(read(reading, gives) ?? ANYTHING));
  if (!wanted || !found || [...found].some((kind) => wanted.has(kind))) return [];
  const what = reading && kindOf(value) === undefined ? nameOf(reading) : 'what is given';
  return [`input ${path.join('.')}: takes a ${[...wanted].join(' or ')}, and ${what} is a ${[...found].join(' or ')}`];
}

const issuesOf = (schema: Schema, value: unknown, at: readonly string[]): string[] =>
  (z.safeParse(schema, value === undefined ? undefined : plain(value)).error?.issues ?? []).map(
    ({ path, message }) => `input ${[...at, ...path].map(String).join('.')}: ${message}`,
  );

/** A schema drops what it does not know, so that a misspelt field would be ignored. */
function unknownFields(schema: Schema, value: unknown, path: readonly string[]): string[] {
  const fields = fieldsOf(schema);
  if (!fields || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = fields[name];
    if (field) return unknownFields(field, inner, [...path, name]);
    if (inner === undefined) return [];
    return [`input ${[...path, name].join('.')}: there is no such field (fields: ${Object.keys(fields).join(', ')})`];
  });
}

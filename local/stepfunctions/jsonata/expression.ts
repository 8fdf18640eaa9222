import jsonata from 'jsonata';
import type { Json } from '../json.ts';
import { register } from './functions.ts';
import { topLevelReferences } from './restrictions.ts';

/** Why an expression gave no value; worded to follow "The JSONata expression '…' specified for the field '…'". */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

const compiled = new Map<string, jsonata.Expression>();
const formatMillis = jsonata('$fromMillis($millis, $picture, $timezone)');

/** The JSONata inside `{% … %}`; undefined for any other text, which is a literal. */
export const expressionIn = (text: string): string | undefined =>
  text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2).trim() : undefined;

/** Why Step Functions would not accept this expression; undefined when it would. */
export function expressionProblem(source: string): string | undefined {
  try {
    const references = topLevelReferences(compile(source).ast());
    if (references.length === 0) return undefined;
    return `uses ${references.join(', ')} at the top level; Step Functions gives an expression no input document, use $states.input`;
  } catch (error) {
    return `is not valid JSONata 2.0.6: ${describe(error)}`;
  }
}

/**
 * Evaluates one expression. `variables` holds `states` and the workflow's variables; `$now()` and `$millis()` give `now`.
 * @throws {QueryError} when it throws, gives nothing, or gives what JSON cannot hold.
 */
export async function evaluateExpression(source: string, variables: Record<string, Json>, now: Date): Promise<Json> {
  const value = await run(source, variables, now);
  if (value === undefined) throw new QueryError('returned nothing (undefined).');
  if (holdsFunction(value)) throw new QueryError('returned an unsupported result type.');
  // Round trip: drops JSONata's hidden marks on arrays, which would change what later expressions see.
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** A replacer would find them, too, but makes the round trip half as long again. */
function holdsFunction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'function';
  if (Array.isArray(value)) return value.some(holdsFunction);
  return isFunction(value) || Object.values(value).some(holdsFunction);
}

async function run(source: string, variables: Record<string, Json>, now: Date): Promise<unknown> {
  const millis = now.getTime();
  try {
    return await compile(source).evaluate(undefined, {
      eval: undefined,
      millis: () => millis,
      now: (picture?: string, timezone?: string) => formatMillis.evaluate(undefined, { millis, picture, timezone }),
      ...variables,
    });
  } catch (error) {
    throw new QueryError(`threw an error during evaluation. ${describe(error)}`);
  }
}

function compile(source: string): jsonata.Expression {
  let expression = compiled.get(source);
  if (!expression) {
    expression = jsonata(source);
    register(expression);
    compiled.set(source, expression);
  }
  return expression;
}

const isFunction = (value: object): boolean => '_jsonata_lambda' in value || '_jsonata_function' in value;

function describe(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ? `${code}: ${message}` : String(message ?? error);
}

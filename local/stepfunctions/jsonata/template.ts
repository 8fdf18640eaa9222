import { isObject, type Json, type JsonObject } from '../json.ts';
import { expressionIn } from './expression.ts';

/** Gives the value of one expression, found at `location` (e.g. `Output/rows[2]/total`). */
export type Evaluate = (expression: string, location: string) => Promise<Json>;

/** A copy of `template` with every `{% … %}` string, however deep, replaced by its value. */
export async function fillTemplate(template: Json, location: string, evaluate: Evaluate): Promise<Json> {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    return expression === undefined ? template : evaluate(expression, location);
  }
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [i, item] of template.entries()) items.push(await fillTemplate(item, `${location}[${i}]`, evaluate));
    return items;
  }
  if (!isObject(template)) return template;
  const filled: JsonObject = {};
  for (const [name, value] of Object.entries(template)) {
    filled[name] = await fillTemplate(value, `${location}/${name}`, evaluate);
  }
  return filled;
}

/** Every expression of a template with its location. */
export function expressionsOf(template: Json | undefined, location: string): { source: string; location: string }[] {
  if (typeof template === 'string') {
    const source = expressionIn(template);
    return source === undefined ? [] : [{ source, location }];
  }
  if (Array.isArray(template)) return template.flatMap((item, i) => expressionsOf(item, `${location}[${i}]`));
  if (!isObject(template)) return [];
  return Object.entries(template).flatMap(([name, value]) => expressionsOf(value, `${location}/${name}`));
}

import { askHttp } from '#lambdas/sources/http/request.ts';
import { implement, NotReady } from '#sluice/lambda';
import { httpSensor } from './task.ts';

const NOT_FOUND = 404;

export const handler = implement(httpSensor, async ({ ready, method = 'GET', ...request }, context) => {
  const { status, body, asked } = await askHttp(context, { ...request, method, answers: [NOT_FOUND] });
  if (status === NOT_FOUND) throw new NotReady(`${asked} was answered with ${NOT_FOUND}.`);
  if (!ready) return { status };
  const found = fieldOf(body, ready.field);
  if (found === ready.is) return { status };
  const value = JSON.stringify(found)?.slice(0, 200) ?? 'missing';
  throw new NotReady(`${asked}: ${ready.field} is ${value}, not ${JSON.stringify(ready.is)}.`);
});

const fieldOf = (body: unknown, field: string): unknown => field.split('.').reduce<unknown>(own, body);

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

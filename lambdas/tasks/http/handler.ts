import { askHttp } from '#lambdas/sources/http/request.ts';
import { implement, Terminal } from '#sluice/lambda';
import { http } from './task.ts';

export const handler = implement(http, async ({ method = 'GET', ...request }, context) => {
  if (request.body !== undefined && (method === 'GET' || method === 'HEAD'))
    throw new Terminal(`A ${method} has no body. Give the task another method, or no body.`);
  const { status, body } = await askHttp(context, { ...request, method });
  return { status, body };
});

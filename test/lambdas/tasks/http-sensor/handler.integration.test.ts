import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/http-sensor/handler.ts';
import { eventOf } from '../../../worlds/events.ts';
import { api, type HttpApi, json, openHttpApi } from '../../../worlds/http-api.ts';

let server: HttpApi;
beforeAll(async () => {
  server = await openHttpApi();
});
afterAll(() => server.close());

const look = (input: object = {}) => handler(eventOf({ connection: api, path: '/jobs/7', ...input }));
const ready = { field: 'job.state', is: 'done' };

test('an answer with 2xx is what it waits for, and 404 is nothing yet', async () => {
  server.answers(json(202, {}));
  expect(await look({ query: { full: true } })).toEqual({ status: 202 });
  expect(server.received).toMatchObject([{ method: 'GET', url: '/v1/jobs/7?full=true' }]);
  server.answers(json(404, {}));
  await expect(look()).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: expect.stringMatching(/^GET .*\/v1\/jobs\/7 over connection 'api' was answered with 404\.$/),
  });
});

test.for([
  [{ job: { state: 'running' } }, 'job.state is "running", not "done".'],
  [{ job: null }, 'job.state is missing, not "done".'],
  ['text', 'job.state is missing, not "done".'],
])('with %j there is nothing yet where a field must be another', async ([body, told]) => {
  server.answers(json(200, body));
  await expect(look({ ready })).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: expect.stringContaining(told as string),
  });
});

test('a field that has its value is what it waits for, also one of a list', async () => {
  server.answers(json(200, { job: { state: 'done' } }));
  expect(await look({ ready })).toEqual({ status: 200 });
  server.answers(json(200, [{ count: 3 }]));
  expect(await look({ ready: { field: '0.count', is: 3 } })).toEqual({ status: 200 });
});

test('other answers fail it as they fail a request', async () => {
  server.answers(json(503, {}));
  await expect(look()).rejects.toMatchObject({ name: 'Sluice.Transient' });
  server.answers(json(403, {}));
  await expect(look()).rejects.toMatchObject({ name: 'Sluice.Terminal' });
});

/** What of the operators must not compile. `tsc` fails where a line below an expectation compiles. */

import { implement, implementCallback } from '#lambdas/runtime/implement.ts';
import { Dag, type Ref, use } from '#sluice';
import { approval } from '#tasks/approval/task.ts';
import { bash } from '#tasks/bash/task.ts';
import { email } from '#tasks/email/task.ts';
import { http } from '#tasks/http/task.ts';
import { httpSensor } from '#tasks/http-sensor/task.ts';

const dag = new Dag('types', { schedule: null, startDate: '2026-01-01' });
const api = use('http', 'api');
const to = use('email', 'alerts');
const mail = { to, subject: 's', message: 'm' };
const asked = dag.task('asked', http({ connection: api, path: '/' }));
const said = asked.output.body as Ref<{ names: string[] }>;

// right: what the author says of an answer
dag.map('each', said.names, (name) => bash({ file: 'a.sh', env: { NAME: name } }));

// what an answer holds, without saying so
// @ts-expect-error
dag.map('bad', asked.output.body, (name) => bash({ file: 'a.sh', env: { NAME: name } }));
// @ts-expect-error
bash({ file: 'a.sh', env: { NAME: asked.output.body } });
// a script that the function would not carry
// @ts-expect-error
bash({ file: 'render.bash' });
// a variable that is no text
// @ts-expect-error
bash({ file: 'a.sh', env: { STATUS: asked.output.status } });
// a method that does not exist
// @ts-expect-error
http({ connection: api, method: 'FETCH', path: '/' });
// a connection of another type
// @ts-expect-error
http({ connection: to, path: '/' });
// @ts-expect-error
email({ ...mail, to: api });
// a sensor's options on a request, and a value of a field that no comparison fits
// @ts-expect-error
dag.task('bad', http({ connection: api, path: '/' }), { pokeInterval: '5m' });
// @ts-expect-error
httpSensor({ connection: api, path: '/', ready: { field: 'state', is: ['done'] } });
// a question for each item
// @ts-expect-error
dag.map('bad', said.names, (name) => approval({ ...mail, subject: name }));
// a callback task's handler that gives an output, and one that would be its result
// @ts-expect-error
implementCallback(approval, async () => ({ by: 'Ann' }));
// @ts-expect-error
implement(approval, async () => ({ by: 'Ann' }));
// a token for what is no callback task
// @ts-expect-error
implementCallback(email, async () => {});

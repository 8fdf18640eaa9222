/** The example of `docs/task-types.md`, "Operators" and "Callbacks": what follows the imports stands there too. */
import { Dag, type Ref, text, use } from '#sluice';
import { approval } from '#tasks/approval/task.ts';
import { bash } from '#tasks/bash/task.ts';
import { email } from '#tasks/email/task.ts';
import { http } from '#tasks/http/task.ts';
import { httpSensor } from '#tasks/http-sensor/task.ts';

export const dag = new Dag('report', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 2 } });
const { logicalDate } = dag.run;
const jobs = use('http', 'jobs');
const to = use('email', 'alerts');

const started = dag.task(
  'start',
  http({ connection: jobs, method: 'POST', path: '/jobs', body: { day: logicalDate } }),
);
const job = started.output.body as Ref<{ id: string }>;
const ready = { field: 'state', is: 'done' };
const wait = dag.task('wait', httpSensor({ connection: jobs, path: text`/jobs/${job.id}`, ready }), { timeout: '2h' });

const render = bash({ file: 'lib/pipelines/report/render.sh', env: { DAY: logicalDate, JOB: job.id } });
const rendered = dag.task('render', render).after(wait);

const question = { subject: 'Publish the report?', message: text`Rendered: ${rendered.output.lastLine}` };
const agreed = dag.task('agree', approval({ to, ...question }), { timeout: '12h' });

const news = { subject: 'The report is out', message: text`${logicalDate}, approved by ${agreed.output.by}` };
dag.task('tell', email({ to, ...news }));

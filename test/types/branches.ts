/** The examples of `docs/authoring.md`, "Maps" and "Conditions": what follows the first block stands there too. */
import * as z from 'zod';
import { Dag, use } from '#sluice';
import { bash } from '#tasks/bash/task.ts';
import { http } from '#tasks/http/task.ts';

const params = z.object({
  names: z.array(z.string()).default([]),
  copy: z.enum(['all', 'new', 'none']).default('new'),
});
export const dag = new Dag('copies', { schedule: null, startDate: '2026-01-01', params });
const jobs = use('http', 'jobs');

const sizes = dag.map('sizes', dag.params.names, (name) =>
  bash({ file: 'lib/pipelines/copies/size.sh', env: { NAME: name } }),
);
dag.task('send', http({ connection: jobs, method: 'POST', path: '/sizes', body: { sizes: sizes.output } }));

const all = dag.task('all', bash({ file: 'lib/pipelines/copies/all.sh' }));
const some = dag.task('new', bash({ file: 'lib/pipelines/copies/new.sh' }));
dag.switch(dag.params.copy, { all, new: some, none: [] });

const tidy = bash({ file: 'lib/pipelines/copies/tidy.sh' });
dag.task('tidy', tidy, { triggerRule: 'none_failed' }).after(all, some);

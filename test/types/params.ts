/** The example of `docs/authoring.md`, "What a DAG is made with": what follows the imports stands there too. */
import * as z from 'zod';
import { Dag } from '#sluice';
import { bash } from '#tasks/bash/task.ts';

const params = z.object({ org: z.string().default('astronomer'), full: z.boolean().default(false) });
export const dag = new Dag('issues', { schedule: '@daily', startDate: '2026-01-01', params });
dag.task('show', bash({ file: 'lib/pipelines/issues/show.sh', env: { ORG: dag.params.org } }));

import type { LoadPipeline } from './pipeline.ts';

/** Every pipeline of the app by its name, which is its DAG's id. One that breaks breaks alone. */
export const pipelines: Readonly<Record<string, LoadPipeline>> = {
  'github-to-redshift': () => import('./github-to-redshift/dag.ts'),
  songplays: () => import('./songplays/dag.ts'),
  'strava-activities': () => import('./strava-activities/dag.ts'),
};

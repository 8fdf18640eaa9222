/** Callback tasks that wait, told with what answers them. */
import type { Moment } from '../deployment/execution.ts';
import type { Opened } from '../deployment/open.ts';

/** @returns a function that gives, for each callback task that has begun to wait, what to tell of it */
export function questions({ kind, deployment }: Pick<Opened, 'kind' | 'deployment'>): (moment: Moment) => string[] {
  const stack = kind === 'aws' ? ` --stack ${deployment.name}` : '';
  const told = new Set<string>();
  return ({ tries }) =>
    tries.flatMap(({ task, token }) => {
      if (token === undefined || told.has(token)) return [];
      told.add(token);
      return [
        [
          `? waiting  ${task}: answer it from another terminal`,
          `    npx sluice callback succeed ${token}${stack}`,
          `    npx sluice callback fail ${token}${stack}`,
        ].join('\n'),
      ];
    });
}

import * as z from 'zod';
import { connection } from '#lib/contract/fields.ts';
import { taskType } from '#lib/contract/task-type.ts';

/** The names of an organisation's repositories, in the order of the API. */
export const githubRepositories = taskType('github-repositories', {
  input: z.object({
    connection: connection('github'),
    org: z.string(),
    /** Names that the organisation must have, in any case. */
    named: z.array(z.string()).optional(),
    /** Whether those are all that is wanted. */
    onlyNamed: z.boolean().optional(),
  }),
  output: z.object({ names: z.array(z.string()) }),
});

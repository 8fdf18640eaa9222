import * as z from 'zod';
import { connection, taskType } from '#sluice';

/** The names of an organisation's repositories, in the order of the API. */
export const githubRepositories = taskType('github-repositories', {
  input: z.object({
    connection: connection('github'),
    org: z.string(),
    /**
     * Names that the organisation must have, in any case. One that it had in the last run and has no longer is given all the
     * same: what extracts of it is skipped.
     */
    named: z.array(z.string()).optional(),
    /** Whether those are all that is wanted. */
    onlyNamed: z.boolean().optional(),
    /** Names that are left out, in any case, whether the organisation has them or not. */
    except: z.array(z.string()).optional(),
  }),
  output: z.object({ names: z.array(z.string()) }),
});

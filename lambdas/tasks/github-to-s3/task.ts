import * as z from 'zod';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, taskType } from '#lib/contract/task-type.ts';

/** One kind of GitHub's objects, of an organisation or of one of its repositories, as files in the lake. */
export const githubToS3 = taskType('github-to-s3', {
  input: z.object({
    connection: connection('github'),
    org: z.string(),
    /** Its name alone. Needed by objects that belong to a repository (issues), refused by the others (members). */
    repository: z.string().optional(),
    object: z.enum(['issues', 'members']),
    /** Added to the query string of the list's first request; the Link header leads on from there. */
    query: z.record(z.string(), z.string()).optional(),
    /** `raw/<name>`, with the table whose declaration the rows must meet. */
    to: dataset('write'),
  }),
  output: extracted,
});

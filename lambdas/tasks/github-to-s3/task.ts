import * as z from 'zod';
import { githubObject, githubQuery } from '#lambdas/sources/github/objects.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, taskType } from '#sluice';

/** One list of GitHub's objects as files in the lake: of a repository, an organisation, or the credential's user. */
export const githubToS3 = taskType('github-to-s3', {
  input: z.object({
    connection: connection('github'),
    object: githubObject,
    /** Its login. Needed by all objects but `organizations`. */
    org: z.string().optional(),
    /** Its name alone. Needed by objects that belong to a repository (issues), refused by the others (members). */
    repository: z.string().optional(),
    query: githubQuery.optional(),
    /** `raw(name, { table })`, with the table whose declaration the rows must meet. */
    to: dataset('write'),
  }),
  output: extracted,
});

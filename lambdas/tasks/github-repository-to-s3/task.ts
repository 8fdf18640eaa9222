import * as z from 'zod';
import { githubQuery, incrementalObject, repositoryObject } from '#lambdas/sources/github/objects.ts';
import { extractedTables } from '#lib/contract/extracted.ts';
import { connection, datasets, taskType } from '#sluice';

/**
 * Several lists of one repository as files in the lake. Mapped over an organisation's repositories, it leaves one item
 * a repository in the run's history, however many kinds of objects are wanted.
 *
 * @example
 * dag.map('extract', list.output.names, (repository) =>
 *   githubRepositoryToS3({ connection, org: 'astronomer', repository, to: { issues, commits }, query: { issues: { state: 'all' } } }),
 * );
 */
export const githubRepositoryToS3 = taskType('github-repository-to-s3', {
  input: z.object({
    connection: connection('github'),
    org: z.string(),
    /** Its name alone. */
    repository: z.string(),
    /** What is wanted: by kind of object `raw(name, { table })`, whose rows must meet the table. */
    to: datasets('write', repositoryObject),
    /** Of each kind, sent with its own requests and no others. */
    query: z.partialRecord(repositoryObject, githubQuery).optional(),
    /**
     * Kinds of which only that is asked for which changed since the logical date of an earlier run. Of a repository that
     * the run did not read, and where it is null, everything is asked for. The manifests say which it was.
     */
    since: z.partialRecord(incrementalObject, z.string().nullable()).optional(),
    /** Kinds that are wanted of some repositories alone, with their names in any case. */
    only: z.partialRecord(repositoryObject, z.array(z.string())).optional(),
  }),
  output: extractedTables,
});

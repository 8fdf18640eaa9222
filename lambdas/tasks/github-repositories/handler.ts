import * as z from 'zod';
import { records } from '#lambdas/lake/records.ts';
import { githubPages } from '#lambdas/runtime/github/pages.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { earlierOutput } from '#lambdas/runtime/ledger.ts';
import { githubRepositories } from './task.ts';

const repository = z.object({ name: z.string() });

export const handler = implement(githubRepositories, async ({ connection, org }, context) => {
  const { run, task, store } = context;
  if (run.fromRaw) return githubRepositories.type.output.parse(await earlierOutput(store, run, task));
  const path = `/orgs/${encodeURIComponent(org)}/repos`;
  const names: string[] = [];
  for await (const { text, url } of githubPages(context, { connection, path, needs: 'read access to metadata' })) {
    names.push(...records(text, `the answer of ${url}`).map((record) => repository.parse(JSON.parse(record)).name));
  }
  // A repository that appears while the list is read moves others to the next page, where they come again.
  return { names: [...new Set(names)] };
});

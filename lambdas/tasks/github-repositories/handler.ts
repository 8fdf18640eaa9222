import * as z from 'zod';
import { implement } from '#lambdas/runtime/implement.ts';
import { listingOf } from '#lambdas/sources/github/listings.ts';
import { githubPages } from '#lambdas/sources/github/pages.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { earlierOutput } from '#lib/runs/ledger.ts';
import { githubRepositories } from './task.ts';

const repository = z.object({ name: z.string() });
const decoder = new TextDecoder();

export const handler = implement(githubRepositories, async (input, context) => {
  const { run, task, store } = context;
  if (run.fromRaw) return githubRepositories.type.output.parse(await earlierOutput(store, run, task));
  const { connection, org, named = [], onlyNamed = false } = input;
  const listing = listingOf({ object: 'repositories', org });
  const names: string[] = [];
  for await (const { records } of githubPages(context, { connection, ...listing })) {
    names.push(...records.map((record) => repository.parse(JSON.parse(decoder.decode(record))).name));
  }
  // A repository that appears while the list is read moves others to the next page, where they come again.
  const all = [...new Set(names)];
  const wanted = new Set(named.map((name) => name.toLowerCase()));
  const found = all.filter((name) => wanted.delete(name.toLowerCase()));
  if (wanted.size > 0) {
    throw new Terminal(
      `Listing the repositories of '${org}' over connection '${connection.connection}': among its ${all.length} ` +
        `there is no ${[...wanted].join(', ')}. Correct the name, or give the token read access to it.`,
    );
  }
  return { names: onlyNamed ? found : all };
});

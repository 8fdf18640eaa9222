import { implement } from '#lambdas/runtime/implement.ts';
import { repositoryNames } from '#lambdas/sources/github/repositories.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { earlierOutput } from '#lib/runs/ledger.ts';
import { githubRepositories } from './task.ts';

export const handler = implement(githubRepositories, async (input, context) => {
  const { run, task, store } = context;
  if (run.fromRaw) return githubRepositories.type.output.parse(await earlierOutput(store, run, task));
  const { connection, org, named = [], onlyNamed = false, except = [] } = input;
  // A repository that appears while the list is read moves others to the next page, where they come again.
  const names = new Set<string>();
  for await (const name of repositoryNames(context, connection, org)) names.add(name);
  const all = [...names];
  const wanted = new Set(named.map((name) => name.toLowerCase()));
  const found = all.filter((name) => wanted.delete(name.toLowerCase()));
  if (wanted.size > 0) {
    throw new Terminal(
      `Listing the repositories of '${org}' over connection '${connection.connection}': among its ${all.length} ` +
        `there is no ${[...wanted].join(', ')}. Correct the name, or give the token read access to it.`,
    );
  }
  const left = new Set(except.map((name) => name.toLowerCase()));
  return { names: (onlyNamed ? found : all).filter((name) => !left.has(name.toLowerCase())) };
});

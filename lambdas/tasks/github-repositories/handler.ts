import { implement, type TaskContext } from '#lambdas/runtime/implement.ts';
import { repositoryNames } from '#lambdas/sources/github/repositories.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { earlierOutput, latestOutput } from '#lib/runs/ledger.ts';
import { githubRepositories } from './task.ts';

export const handler = implement(githubRepositories, async (input, context) => {
  const { run, task, store } = context;
  if (run.fromRaw) return githubRepositories.type.output.parse(await earlierOutput(store, run, task));
  const { connection, org, named = [], onlyNamed = false, except = [] } = input;
  // A repository that appears while the list is read moves others to the next page, where they come again.
  const listed = new Set<string>();
  for await (const name of repositoryNames(context, connection, org)) listed.add(name);
  const all = [...listed];
  const wanted = new Set(named.map((name) => name.toLowerCase()));
  const found = all.filter((name) => wanted.delete(name.toLowerCase()));
  const vanished = wanted.size > 0 ? await namesBefore(context, wanted) : [];
  if (wanted.size > 0) {
    throw new Terminal(
      `Listing the repositories of '${org}' over connection '${connection.connection}': among its ${all.length} ` +
        `there is no ${[...wanted].join(', ')}. Correct the name, or give the token read access to it.`,
    );
  }
  const left = new Set(except.map((name) => name.toLowerCase()));
  const names = [...(onlyNamed ? found : all), ...vanished];
  return { names: names.filter((name) => !left.has(name.toLowerCase())) };
});

/**
 * Those of the names that the last run before had, and takes them out: repositories that vanished since. They are given on,
 * for their extracts to find out what became of them: the lists of each are skipped, and the run warns of it.
 */
async function namesBefore({ store, run, task, log }: TaskContext, wanted: Set<string>): Promise<string[]> {
  const before = githubRepositories.type.output.safeParse(await latestOutput(store, run, task));
  const vanished = (before.data?.names ?? []).filter((name) => wanted.delete(name.toLowerCase()));
  if (vanished.length > 0) log.warn('repositories that are named are no longer listed', { vanished });
  return vanished;
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { followedFile } from './collection.ts';
import { hashOf } from './generated/random.ts';
import { organisationObject, repositoryObject } from './generated/repository.ts';
import { mapLists, type Organisation, type Repository, type World } from './world.ts';

const foldersOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

const idOf = (name: string): number => 1_000_000_000 + hashOf(name);

/** The repository objects of an organisation's file, by name. */
const describedIn = (path: string): Map<string, string> => {
  const file = followedFile(path)();
  const lines = file.read(Array.from({ length: file.length }, (_, at) => at)).map((line) => line.toString('utf8'));
  return new Map(lines.map((line, at) => [nameOf(line, `${path}, line ${at + 1}`), line]));
};

const nameOf = (text: string, where: string): string => {
  try {
    return (JSON.parse(text) as { name: string }).name;
  } catch (cause) {
    throw new Error(`Reading ${where}: ${(cause as Error).message}`, { cause });
  }
};

/**
 * What lies in a folder, one object a line: `organizations.ndjson`; `<org>/members.ndjson` and
 * `<org>/repositories.ndjson`; `<org>/<repository>/` with `issues.ndjson`, `pull_requests.ndjson`,
 * `issue_comments.ndjson`, `commit_comments.ndjson` and `commits.ndjson`. A missing file is an empty list; but an
 * organisation's repositories are those of the file and each other folder, and without a folder it has none.
 * @throws {Error} when there is no such folder.
 */
export const directoryWorld = (dir: string): World => {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `Serving GitHub's objects from '${dir}': there is no such folder. Name one that holds <org> folders.`,
    );
  }
  const known = new Map<string, Organisation>();

  const open = (login: string): Organisation => {
    const folder = foldersOf(dir).find((name) => name.toLowerCase() === login.toLowerCase());
    const owner = { login: folder ?? login, id: idOf(folder ?? login) };
    const path = join(dir, owner.login);
    const described = describedIn(join(path, 'repositories.ndjson'));
    const names = new Set([...described.keys(), ...(folder === undefined ? [] : foldersOf(path))]);
    const repositories = [...names].map((name): Repository => {
      const id = idOf(`${owner.login}/${name}`);
      const text = described.get(name) ?? JSON.stringify(repositoryObject({ owner, name, id, openIssues: 0 }));
      return { id, name, text, lists: mapLists((list) => followedFile(join(path, name, `${list}.ndjson`))) };
    });
    return {
      id: owner.id,
      text: JSON.stringify(organisationObject(owner, repositories.length)),
      repositories,
      renamed: {},
      members: followedFile(join(path, 'members.ndjson')),
    };
  };

  const organisation = (login: string): Organisation | undefined => {
    if (!/^[\w.-]+$/.test(login) || /^\.+$/.test(login)) return undefined;
    const found = known.get(login.toLowerCase()) ?? open(login);
    known.set(login.toLowerCase(), found);
    return found;
  };
  for (const login of foldersOf(dir)) organisation(login);
  const memberships = followedFile(join(dir, 'organizations.ndjson'));
  return { organisation, organisations: () => [...known.values()], memberships };
};

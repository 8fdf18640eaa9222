import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { followedFile } from './collection.ts';
import { hashOf } from './generated/random.ts';
import { organisationObject, repositoryObject } from './generated/repository.ts';
import type { Organisation, Repository, World } from './world.ts';

const foldersOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

const idOf = (name: string): number => 1_000_000_000 + hashOf(name);

/**
 * What lies in a folder: `<org>/<repository>/issues.ndjson` and `<org>/members.ndjson`, one object a line. A missing
 * file is an empty list, and an organisation without a folder has no repositories.
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
    const repositories = (folder === undefined ? [] : foldersOf(path)).map((name): Repository => {
      const id = idOf(`${owner.login}/${name}`);
      const text = JSON.stringify(repositoryObject({ owner, name, id, openIssues: 0 }));
      return { id, name, text, issues: followedFile(join(path, name, 'issues.ndjson')) };
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
  return { organisation, organisations: () => [...known.values()] };
};

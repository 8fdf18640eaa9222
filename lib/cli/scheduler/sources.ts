import { watch } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where the code of an app lies. */
const FOLDERS = ['lib', 'lambdas', 'sql'];

/** @returns `hasChanged`, which says whether a source was edited since it was last asked; and `close` */
export function watchSources() {
  let isEdited = false;
  const watchers = FOLDERS.map((folder) =>
    watch(resolve(ROOT, folder), { recursive: true }, () => {
      isEdited = true;
    }),
  );
  return {
    hasChanged: (): boolean => {
      const wasEdited = isEdited;
      isEdited = false;
      return wasEdited;
    },
    close: (): void => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

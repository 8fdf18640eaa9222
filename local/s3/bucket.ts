import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Checksum } from './checksum.ts';
import { Journal } from './journal.ts';
import { compareKeys, firstIndex } from './key-order.ts';

/** What is known of an object beside its bytes. */
export interface ObjectFacts {
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  /** ISO 8601, whole seconds. */
  readonly modified: string;
  /** Those of the upload that come back with the object: content-type, x-amz-meta-* and so on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}
export interface StoredObject extends ObjectFacts {
  /** Where the bytes lie, relative to the bucket's folder. */
  readonly file: string;
}

const isStoredObject = (value: unknown): value is StoredObject => {
  const { size, etag, modified, headers, file } = (value ?? {}) as Partial<Record<keyof StoredObject, unknown>>;
  const areTexts = [etag, modified, file].every((text) => typeof text === 'string');
  return (
    areTexts &&
    Number.isInteger(size) &&
    !Number.isNaN(Date.parse(String(modified))) &&
    typeof headers === 'object' &&
    headers !== null
  );
};

/** The folder inside a bucket's own that holds everything but readable objects. */
const INTERNAL = '.s3';
const READABLE = /^(?=.{1,900}$)[\w=,+@:~-][\w=.,+@:~-]{0,199}(\/[\w=,+@:~-][\w=.,+@:~-]{0,199})*$/;

/**
 * One bucket in one folder. An object's bytes lie in a file of the key's own name where that is a possible file name
 * and free for it, else under a name without meaning; the journal says which. An object changes in one synchronous
 * step, so a condition that is checked in that step holds.
 */
export class Bucket {
  readonly name: string;
  readonly created: Date;
  readonly #dir: string;
  readonly #journal: Journal<StoredObject>;
  readonly #sorted: string[];

  constructor(root: string, name: string) {
    this.name = name;
    this.#dir = join(root, name);
    rmSync(join(this.#dir, INTERNAL, 'tmp'), { recursive: true, force: true });
    for (const folder of ['tmp', 'objects', 'uploads'])
      mkdirSync(join(this.#dir, INTERNAL, folder), { recursive: true });
    this.created = statSync(this.#dir).birthtime;
    this.#journal = new Journal(join(this.#dir, INTERNAL, 'objects.ndjson'), isStoredObject);
    for (const key of [...this.#journal.keys()]) this.#findFile(key);
    this.#sorted = [...this.#journal.keys()].sort(compareKeys);
  }

  /** All keys in S3's order. */
  get keys(): readonly string[] {
    return this.#sorted;
  }

  /** The folder of the multipart uploads that are under way. */
  get uploads(): string {
    return join(this.#dir, INTERNAL, 'uploads');
  }

  get(key: string): StoredObject | undefined {
    return this.#journal.get(key);
  }

  pathOf(object: StoredObject): string {
    return join(this.#dir, object.file);
  }

  /** A path for bytes that are still arriving. */
  temporary(): string {
    return join(this.#dir, INTERNAL, 'tmp', randomUUID());
  }

  /** Makes a finished temporary file the object of a key, unless `check` throws on what is there now. */
  put(key: string, upload: { path: string; facts: ObjectFacts }, check: (now: StoredObject | undefined) => void): void {
    const before = this.get(key);
    check(before);
    const file = this.#place(upload.path, key);
    this.#journal.set(key, { ...upload.facts, file });
    if (!before) this.#sorted.splice(this.#position(key), 0, key);
    else if (before.file === key) this.#takeName(key, { ...upload.facts, file });
    else rmSync(this.pathOf(before), { force: true });
  }

  /** Removes an object, if there is one, unless `check` throws on what is there now. */
  delete(key: string, check: (now: StoredObject | undefined) => void = () => {}): void {
    const before = this.get(key);
    check(before);
    if (!before) return;
    this.#journal.set(key, null);
    this.#sorted.splice(this.#position(key), 1);
    rmSync(this.pathOf(before), { force: true });
  }

  close(): void {
    this.#journal.close();
  }

  /** Of an object whose bytes lie elsewhere: they become the file of the key's name, in place of the version before. */
  #takeName(key: string, object: StoredObject): void {
    renameSync(this.pathOf(object), join(this.#dir, key));
    this.#journal.set(key, { ...object, file: key });
  }

  /** An object whose file somebody removed is removed. The process may have ended between the two steps of `#takeName`. */
  #findFile(key: string): void {
    const object = this.get(key);
    if (!object || existsSync(this.pathOf(object))) return;
    this.#journal.set(key, existsSync(join(this.#dir, key)) ? { ...object, file: key } : null);
  }

  #position(key: string): number {
    return firstIndex(this.#sorted, (other) => compareKeys(other, key) >= 0);
  }

  #place(from: string, key: string): string {
    if (READABLE.test(key) && this.#moved(from, key)) return key;
    const opaque = `${INTERNAL}/objects/${randomUUID()}`;
    renameSync(from, join(this.#dir, opaque));
    return opaque;
  }

  /** False where the name is taken, or a folder on its way is a file: keys `a` and `a/b` may both exist. */
  #moved(from: string, file: string): boolean {
    const to = join(this.#dir, file);
    try {
      mkdirSync(join(to, '..'), { recursive: true });
    } catch (error) {
      if (['ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
    if (existsSync(to)) return false;
    renameSync(from, to);
    return true;
  }
}

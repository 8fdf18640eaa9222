import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bucket } from './bucket.ts';
import type { Algorithm, Checksum } from './checksum.ts';
import { S3Error } from './errors.ts';

/** What CreateMultipartUpload fixed for the object to be. */
export interface UploadPlan {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: { readonly algorithm: Algorithm; readonly type: Checksum['type'] };
}

export interface PartFacts {
  readonly number: number;
  readonly size: number;
  /** MD5, without quotes. */
  readonly etag: string;
  readonly modified: string;
  readonly checksum?: Checksum;
}
export interface Part extends PartFacts {
  /** The name of the file of its bytes, in the upload's folder. */
  readonly file: string;
}

/** A multipart upload under way: one folder, in which each part is its bytes and one JSON file that names them. */
export class MultipartUpload {
  readonly id: string;
  readonly plan: UploadPlan;
  readonly #dir: string;

  private constructor(dir: string, id: string, plan: UploadPlan) {
    this.#dir = dir;
    this.id = id;
    this.plan = plan;
  }

  static begin(bucket: Bucket, plan: UploadPlan): MultipartUpload {
    const id = randomUUID();
    const dir = join(bucket.uploads, id);
    mkdirSync(dir);
    writeJson(join(dir, 'upload.json'), plan);
    return new MultipartUpload(dir, id, plan);
  }

  /** @throws {S3Error} NoSuchUpload */
  static find(bucket: Bucket, key: string, id: string): MultipartUpload {
    const dir = join(bucket.uploads, id);
    const plan = /^[0-9a-f-]{36}$/.test(id) ? readJson<UploadPlan>(join(dir, 'upload.json')) : undefined;
    if (plan?.key === key) return new MultipartUpload(dir, id, plan);
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist. It may have been aborted or completed.', {
      UploadId: id,
    });
  }

  /** Takes over a finished file as a part; an earlier part of that number is replaced. */
  putPart(path: string, facts: PartFacts): void {
    const before = this.#part(facts.number);
    const part: Part = { ...facts, file: randomUUID() };
    renameSync(path, join(this.#dir, part.file));
    writeJson(join(this.#dir, partName(part.number)), part);
    if (before) rmSync(join(this.#dir, before.file), { force: true });
  }

  /** All parts by number. */
  parts(): Part[] {
    return readdirSync(this.#dir)
      .filter((name) => name.startsWith('part-') && name.endsWith('.json'))
      .sort()
      .flatMap((name) => readJson<Part>(join(this.#dir, name)) ?? []);
  }

  async *bytesOf(parts: readonly Part[]): AsyncGenerator<Buffer> {
    for (const { file } of parts) yield* createReadStream(join(this.#dir, file));
  }

  end(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #part(number: number): Part | undefined {
    return this.parts().find((part) => part.number === number);
  }
}

const partName = (number: number) => `part-${String(number).padStart(5, '0')}.json`;

const writeJson = (file: string, value: unknown): void => {
  const next = `${file}.next`;
  writeFileSync(next, JSON.stringify(value));
  renameSync(next, file);
};

/** Undefined also where it is damaged: what an upload has lost is sent again, as S3 asks for it. */
const readJson = <T>(file: string): T | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

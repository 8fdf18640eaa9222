/** A file, wherever it lies. */

export interface OpenedFile {
  readonly status: number;
  /** Of its present content: an ETag, a time, or a checksum. */
  readonly version?: string | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface SourceFile {
  /** How it is called in manifests and messages. */
  readonly url: string;
  /**
   * @param known undefined, or the version of which the content is known: then nothing is sent where it is still that
   * @returns undefined where it is still that version
   * @throws Terminal where there is no such file, or it is refused
   * @throws Transient where that may pass
   */
  open(known?: string): Promise<OpenedFile | undefined>;
}

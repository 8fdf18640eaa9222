import { type Manifest, type Part, readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { type Aws, BUCKET } from './aws.ts';

/** What a manifest says and names, but for where files begin and when pages were fetched. */
export async function contentOf(aws: Aws, key: string) {
  const { pages, raw, stage, quarantine, counts, unknownFields, collisions }: Manifest = await readManifest(
    s3Store({ client: aws.client, bucket: BUCKET }),
    key,
  );
  const rows = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.rows, 0);
  const files = (parts: readonly Part[]) => aws.lines(parts).then((lines) => ({ lines, rows: rows(parts) }));
  return {
    pages: pages.map(({ fetchedAt: _, ...page }) => page),
    raw: await files(raw),
    stage: await Promise.all(Object.values(stage).map(async (of) => ({ of: of.rows, ...(await files(of.parts)) }))),
    quarantine: await files(quarantine),
    counts,
    unknownFields,
    collisions,
  };
}

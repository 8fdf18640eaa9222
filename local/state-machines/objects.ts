/** The embedded S3 as Step Functions uses it for the items and results of distributed Maps. */
import type { S3Client } from '@aws-sdk/client-s3';
import { clientEnvironment, REGION } from '../machine/account.ts';
import type { Objects } from '../stepfunctions/index.ts';

/** @param url of the endpoint of all services */
export function s3Objects(url: string): Objects {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = clientEnvironment(url);
  let opened: S3Client | undefined;
  // Loaded when it is first needed: few apps have a distributed Map, and all are to start fast.
  const open = async () => {
    const sdk = await import('@aws-sdk/client-s3');
    const credentials = { accessKeyId, secretAccessKey };
    opened ??= new sdk.S3Client({ endpoint: url, region: REGION, credentials, forcePathStyle: true });
    return { sdk, s3: opened };
  };
  return {
    async get(Bucket, Key) {
      const { sdk, s3 } = await open();
      const { Body } = await s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async list(Bucket, Prefix) {
      const { sdk, s3 } = await open();
      const found = [];
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
        for (const {
          Key: key = '',
          Size: size = 0,
          ETag: etag = '',
          LastModified: modified = new Date(0),
        } of Contents) {
          found.push({ key, size, etag, modified });
        }
      }
      return found;
    },
    async put(Bucket, Key, Body) {
      const { sdk, s3 } = await open();
      await s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    },
  };
}

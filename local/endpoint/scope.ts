/** Which service a request is for: its signature says so. The signature itself is not checked. */
import type { IncomingHttpHeaders } from 'node:http';

/** The service in the credential scope (`<key>/<date>/<region>/<service>/aws4_request`), of the header or the query. */
export function signedService(headers: IncomingHttpHeaders, url: URL): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? url.searchParams.get('X-Amz-Credential');
  return credential?.split('/').at(-2);
}

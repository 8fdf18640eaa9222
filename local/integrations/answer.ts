/** What an optimised integration tells of the answer of its service, as the console shows it. */
export function answerDetails(requestId: string, headers: Record<string, string>) {
  const all = { ...headers, 'x-amzn-RequestId': requestId };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
      HttpHeaders: all,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

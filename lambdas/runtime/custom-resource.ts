/** Custom resources of CloudFormation: what a stack needs made that no resource type makes. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Transient } from '#lib/contract/errors.ts';
import { masking } from './masking.ts';

const request = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.unknown(),
});
type Request = z.output<typeof request>;

/** Of the Lambda that makes it. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

const PAUSES_MS = [5_000, 15_000, 30_000];
/** CloudFormation takes 4 KiB in all. */
const REASON_CHARS = 1_000;

/**
 * The handler of a resource that is made, or made as it should be, at each deployment that changes its properties.
 * It answers CloudFormation, also where making it fails. Deleting the resource leaves what was made.
 *
 * @param make may be repeated; tried again where it throws Transient: what was just created does not take every call
 */
export function customResource<P extends z.ZodObject>(
  properties: P,
  make: (wanted: z.output<P>, invocation: Invocation) => Promise<void>,
) {
  return async (event: unknown, invocation: Invocation): Promise<void> => {
    const asked = request.parse(event);
    try {
      if (asked.RequestType !== 'Delete') {
        const wanted = properties.parse(asked.ResourceProperties);
        await patiently(() => make(wanted, invocation));
      }
      await answer(asked, { Status: 'SUCCESS' });
    } catch (error) {
      const { message } = masking.error(error instanceof Error ? error : new Error(String(error)));
      await answer(asked, { Status: 'FAILED', Reason: message.slice(0, REASON_CHARS) });
    }
  };
}

async function patiently(work: () => Promise<void>): Promise<void> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      await sleep(pause);
    }
  }
  return work();
}

async function answer(asked: Request, result: { Status: 'SUCCESS' } | { Status: 'FAILED'; Reason: string }) {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = asked;
  const body = JSON.stringify({ ...result, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (response.ok) return;
  throw new Error(
    `Answering CloudFormation for ${LogicalResourceId}: HTTP ${response.status}. It waits until its timeout.`,
  );
}

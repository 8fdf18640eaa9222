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

/** What was just created is not seen everywhere at once: a role's rights, a secret, a workgroup. */
const UNSETTLED = /^(?:AccessDenied|UnauthorizedOperation|(?:\w*)NotFound|Conflict)/;
const SETTLES_WITHIN_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Left for one more try and the answer. */
const ANSWER_MS = 30_000;
/** CloudFormation takes 4 KiB in all. */
const REASON_CHARS = 1_000;

/**
 * The handler of a resource that is made, or made as it should be, at each deployment that changes its properties.
 * It answers CloudFormation, also where making it fails. Deleting the resource leaves what was made.
 *
 * @param make may be repeated; for five minutes, as far as the invocation has them, it is where it throws Transient or
 *   was denied, found nothing, or met a conflict: what was just created does not take every call
 */
export function customResource<P extends z.ZodObject>(
  properties: P,
  make: (wanted: z.output<P>, invocation: Invocation) => Promise<void>,
  pause: (ms: number) => Promise<unknown> = sleep,
) {
  return async (event: unknown, invocation: Invocation): Promise<void> => {
    const asked = request.parse(event);
    try {
      if (asked.RequestType !== 'Delete') {
        const wanted = properties.parse(asked.ResourceProperties);
        await patiently(() => make(wanted, invocation), { invocation, pause });
      }
      await answer(asked, { Status: 'SUCCESS' });
    } catch (error) {
      const { message } = masking.error(error instanceof Error ? error : new Error(String(error)));
      await answer(asked, { Status: 'FAILED', Reason: message.slice(0, REASON_CHARS) });
    }
  };
}

interface Patience {
  readonly invocation: Invocation;
  readonly pause: (ms: number) => Promise<unknown>;
}

async function patiently(work: () => Promise<void>, { invocation, pause }: Patience): Promise<void> {
  let waited = 0;
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const hasTime = waited + ms <= SETTLES_WITHIN_MS && invocation.getRemainingTimeInMillis() > ms + ANSWER_MS;
      if (!mayPass(error) || !hasTime) throw error;
    }
    await pause(ms);
    waited += ms;
  }
}

/** Also where the call's own error is the cause of another. */
const mayPass = (error: unknown): boolean =>
  error instanceof Error && (error instanceof Transient || UNSETTLED.test(error.name) || mayPass(error.cause));

async function answer(asked: Request, result: { Status: 'SUCCESS' } | { Status: 'FAILED'; Reason: string }) {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = asked;
  const body = JSON.stringify({ ...result, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (response.ok) return;
  throw new Error(
    `Answering CloudFormation for ${LogicalResourceId}: HTTP ${response.status}. It waits until its timeout.`,
  );
}

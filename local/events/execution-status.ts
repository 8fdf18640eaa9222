/** Step Functions' own event: "Step Functions Execution Status Change". */
import type { Events } from './events.ts';

/** Longest input and output together that the event carries, in bytes. */
const DATA_LIMIT = 248 * 1024;

/** The event's detail but for what it says of its data; instants in milliseconds since 1970, data as JSON. */
interface StatusChange {
  readonly executionArn: string;
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string;
  readonly output: string | null;
}

export function publishStatus(events: Events, change: StatusChange): void {
  const { executionArn, startDate, stopDate, input, output } = change;
  const included = Buffer.byteLength(input + (output ?? '')) <= DATA_LIMIT;
  events.publish({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [executionArn],
    time: new Date(stopDate ?? startDate),
    detail: {
      ...change,
      input: included ? input : null,
      inputDetails: { included },
      output: included ? output : null,
      outputDetails: output === null ? null : { included },
    },
  });
}

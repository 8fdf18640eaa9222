export type EndStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
export type ExecutionStatus = 'RUNNING' | EndStatus;

export interface Failure {
  error?: string;
  cause?: string;
}

/** What DescribeExecution knows of an execution. `input` and `output` are JSON texts. */
export interface ExecutionRecord extends Failure {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus;
  startDate: Date;
  stopDate?: Date;
  input: string;
  output?: string;
  /** Of a Map Run's child execution. */
  mapRunArn?: string;
  /** Of a Map Run's child execution: how many items it processes. */
  itemCount?: number;
}

/** The detail of EventBridge's "Step Functions Execution Status Change"; dates in milliseconds since the epoch. */
export interface StatusChange {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus;
  startDate: number;
  stopDate: number | null;
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
}

export const statusChange = (record: ExecutionRecord): StatusChange => ({
  executionArn: record.executionArn,
  stateMachineArn: record.stateMachineArn,
  name: record.name,
  status: record.status,
  startDate: record.startDate.getTime(),
  stopDate: record.stopDate?.getTime() ?? null,
  input: record.input,
  output: record.output ?? null,
  error: record.error ?? null,
  cause: record.cause ?? null,
});

import type { ExecutionStatus } from '../run/record.ts';

export interface CreateStateMachineInput {
  name: string;
  /** The Amazon States Language definition as JSON text. */
  definition: string;
  roleArn: string;
  type?: string;
}

export interface DescribeStateMachineInput {
  stateMachineArn: string;
}

export interface Paged {
  maxResults?: number;
  nextToken?: string;
}

export interface StartExecutionInput {
  stateMachineArn: string;
  name?: string;
  /** JSON text; `{}` when absent. */
  input?: string;
}

export interface DescribeExecutionInput {
  executionArn: string;
}

export interface StopExecutionInput {
  executionArn: string;
  error?: string;
  cause?: string;
}

export interface GetExecutionHistoryInput extends Paged {
  executionArn: string;
  reverseOrder?: boolean;
  includeExecutionData?: boolean;
}

export interface ListExecutionsInput extends Paged {
  stateMachineArn: string;
  statusFilter?: ExecutionStatus;
}

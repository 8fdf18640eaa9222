import type { ExecutionStatus } from '../records/execution.ts';

export interface CreateStateMachineInput {
  name: string;
  /** The Amazon States Language definition as JSON text. */
  definition: string;
  roleArn: string;
  type?: string;
}

/** What is left out stays. */
export interface UpdateStateMachineInput {
  stateMachineArn: string;
  definition?: string;
  roleArn?: string;
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

/** Of a state machine or of a Map Run. */
export interface ListExecutionsInput extends Paged {
  stateMachineArn?: string;
  mapRunArn?: string;
  statusFilter?: ExecutionStatus;
}

export interface DescribeMapRunInput {
  mapRunArn: string;
}

export interface ListMapRunsInput extends Paged {
  executionArn: string;
}

export interface SendTaskSuccessInput {
  taskToken: string;
  /** JSON text. */
  output: string;
}

export interface SendTaskFailureInput {
  taskToken: string;
  error?: string;
  cause?: string;
}

export interface SendTaskHeartbeatInput {
  taskToken: string;
}

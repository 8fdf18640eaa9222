import type { Json } from '../json.ts';

/** A Task's waiting for whoever has its token. */
export interface Callback {
  readonly token: string;
  /** What SendTaskSuccess brought. Rejects with a TaskFailure on SendTaskFailure. */
  readonly answer: Promise<Json>;
  /** Called on SendTaskHeartbeat. */
  heartbeat: () => void;
  /** From here on nobody is waited for. */
  close(): void;
}

/** Opens a callback for a Task of an execution. */
export type OpenCallback = (executionArn: string) => Callback;

/** What there is beside a task when the app is synthesized: what `check` of its type may hold it against. */
import type * as z from 'zod';
import type { TableDeclaration } from './table.ts';

/** A pipeline as others see it. */
export interface PipelineFacts {
  readonly id: string;
  /** Five-field cron, or null for runs by hand only. */
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly startDate: string;
  /** The last day that has a logical date. */
  readonly endDate?: string | undefined;
  readonly params: z.ZodObject;
  /** The pipelines that its tasks start. */
  readonly starts: readonly string[];
}

export interface Facts {
  /** The task's own. */
  readonly pipeline: PipelineFacts;
  /** All of the app. */
  readonly pipelines: readonly PipelineFacts[];
  /** Those that the task's pipeline declares. */
  readonly tables: readonly TableDeclaration[];
  /**
   * The text of a file by its path from the project's root.
   * @throws Error where there is none
   */
  readonly read: (file: string) => string;
}

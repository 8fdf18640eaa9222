/** Synthesizes in a thread of its own, whose modules are those of now: a thread loads each file only once. */
import { parentPort } from 'node:worker_threads';
import { synthesize } from '../deployment/synth.ts';
import { UsageError } from '../errors.ts';

try {
  await synthesize();
  parentPort?.postMessage({});
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  parentPort?.postMessage({ problem: error.message });
}

import { ApiError } from '../errors.ts';
import type { MapRunRecord } from '../records/map-run.ts';
import { required } from './checks.ts';
import { page } from './pages.ts';
import type { DescribeMapRunInput, ListMapRunsInput } from './requests.ts';

/** The Map Runs of all executions. */
export class MapRuns {
  readonly #records = new Map<string, MapRunRecord>();

  readonly operations = {
    DescribeMapRun: (input: DescribeMapRunInput) => {
      const { stateMachineArn: _, ...description } = this.find(input);
      return { ...description, redriveCount: 0 };
    },
    ListMapRuns: (input: ListMapRunsInput) => {
      const executionArn = required(input, 'executionArn');
      const { found, ...rest } = page(this.#all(), input, (mapRun) => mapRun.executionArn === executionArn);
      return { mapRuns: found.map(listItem), ...rest };
    },
  };

  keep(mapRun: MapRunRecord): void {
    this.#records.set(mapRun.mapRunArn, mapRun);
  }

  find(input: { mapRunArn?: string }): MapRunRecord {
    const arn = required(input, 'mapRunArn');
    const found = this.#records.get(arn);
    if (found) return found;
    throw new ApiError('ResourceNotFound', `Map Run Does Not Exist: '${arn}'`);
  }

  of(executionArn: string): MapRunRecord[] {
    return this.#all().filter((mapRun) => mapRun.executionArn === executionArn);
  }

  #all(): MapRunRecord[] {
    return [...this.#records.values()];
  }
}

const listItem = ({ executionArn, mapRunArn, stateMachineArn, startDate, stopDate }: MapRunRecord) => ({
  executionArn,
  mapRunArn,
  stateMachineArn,
  startDate,
  ...(stopDate && { stopDate }),
});

/** The states of tasks by run, as Airflow's grid: a line for each task, a column for each run, the newest at the right. */

interface Column {
  readonly logicalDate: string;
  readonly state: string;
  readonly tasks?: readonly { readonly task: string; readonly state: string }[];
}

const MARKS: Readonly<Record<string, string>> = {
  success: '✓',
  failed: '✗',
  skipped: '–',
  upstream_failed: '▲',
  not_run: '·',
  queued: '○',
  running: '▶',
  up_for_retry: '↻',
  interrupted: '!',
  damaged: '?',
};

/** @param runs newest first */
export function grid(runs: readonly Column[]): string {
  const columns = runs.toReversed();
  const tasks = [...new Set(runs.flatMap((run) => (run.tasks ?? []).map(({ task }) => task)))];
  const width = Math.max('run'.length, ...tasks.map((task) => task.length));
  const line = (name: string, cells: readonly string[]) => `${name.padEnd(width)}  ${cells.join(' ')}`.trimEnd();
  const stateIn = ({ tasks = [] }: Column, task: string) => tasks.find((one) => one.task === task)?.state;
  const lines = [
    line(
      'run',
      columns.map(({ state }) => mark(state)),
    ),
    ...tasks.map((task) =>
      line(
        task,
        columns.map((run) => mark(stateIn(run, task))),
      ),
    ),
  ];
  return [...header(columns).map((cells) => line('', cells)), ...lines, '', legend(lines)].join('\n');
}

const mark = (state: string | undefined): string => (state === undefined ? ' ' : (MARKS[state] ?? '?'));

/** The dates from the top down: years where they differ, hours where some run has one. */
function header(columns: readonly Column[]): string[][] {
  const dates = columns.map(({ logicalDate }) => logicalDate);
  const hasYears = new Set(dates.map((date) => date.slice(0, 4))).size > 1;
  const hasHours = dates.some((date) => !date.endsWith('T00:00:00Z'));
  const labels = dates.map((date) => date.slice(hasYears ? 0 : 5, hasHours ? 16 : 10).replaceAll(/[-:]/g, ''));
  return Array.from({ length: labels[0]?.length ?? 0 }, (_, at) => labels.map((label) => label[at] ?? ' '));
}

const legend = (lines: readonly string[]): string =>
  Object.entries(MARKS)
    .filter(([, sign]) => lines.some((line) => line.includes(sign)))
    .map(([state, sign]) => `${sign} ${state}`)
    .join('  ');

/** The colours of a run's states: as Airflow has them, light enough for a label. */
interface Colours {
  readonly fill: string;
  readonly stroke: string;
}

export const COLOURS: Readonly<Record<string, Colours>> = {
  success: { fill: '#bbf7d0', stroke: '#15803d' },
  failed: { fill: '#fecaca', stroke: '#b91c1c' },
  upstream_failed: { fill: '#fed7aa', stroke: '#c2410c' },
  skipped: { fill: '#fbcfe8', stroke: '#be185d' },
  running: { fill: '#d9f99d', stroke: '#4d7c0f' },
  up_for_retry: { fill: '#fef08a', stroke: '#a16207' },
  queued: { fill: '#e5e7eb', stroke: '#4b5563' },
  not_run: { fill: '#ffffff', stroke: '#9ca3af' },
};

/** Durations as authors write them and as people read them. */
import * as z from 'zod';

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

const EXPECTED = "expected a duration such as '30s', '5m', '2h' or '1d'";

/** `'90s'`, `'5m'`, `'2h'`, `'1d'`. */
export const duration = z
  .templateLiteral([z.number(), z.enum(['s', 'm', 'h', 'd'])], EXPECTED)
  .refine((text) => secondsOf(text) !== undefined, EXPECTED);
export type Duration = z.output<typeof duration>;

/** A duration in whole seconds, or undefined where it is none. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** Whole seconds as a person reads them, by their two largest units: `2h 5m`, `45s`. */
export function spelled(seconds: number): string {
  const parts = UNITS.map(([unit, size], at) => {
    const rest = at === 0 ? seconds : seconds % (UNITS[at - 1]?.[1] ?? 1);
    return [Math.floor(rest / size), unit] as const;
  });
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0s';
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

import { vi } from 'vitest';
import { main } from '#lib/cli/main.ts';

/** A command in this process: for those that start nothing. */
export async function sluice(...args: string[]) {
  const said = { stdout: '', stderr: '' };
  const listen = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    said[stream] += `${String(text).replace(/\n$/, '')}\n`;
    return true;
  };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(listen('stdout')),
    vi.spyOn(console, 'error').mockImplementation(listen('stderr')),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen('stderr')),
  ];
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

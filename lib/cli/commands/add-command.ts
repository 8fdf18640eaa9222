import type { Command } from 'commander';

/** What a command's file adds to the program; `exit` sets the exit status. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void | Promise<void>;

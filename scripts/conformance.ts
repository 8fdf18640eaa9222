import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { replayCorpus, type Score } from './conformance/replay.ts';

const { values } = parseArgs({ options: { corpus: { type: 'string' }, json: { type: 'boolean' } } });
const corpus = resolve(values.corpus ?? join(import.meta.dirname, '../../shared/asl-conformance'));

if (existsSync(join(corpus, 'index.json'))) {
  report(await replayCorpus(corpus));
} else {
  console.error(`There is no corpus of recorded executions at ${corpus}. Name its folder: --corpus DIR`);
  process.exitCode = 2;
}

function report(scores: Score[]): void {
  const passed = (aspect: 'status' | 'stateIO' | 'history') => scores.filter((score) => score[aspect]).length;
  const failed = scores.filter(({ why }) => why.length > 0);
  const total = scores.length;
  const summary = { total, status: passed('status'), stateIO: passed('stateIO'), history: passed('history') };
  if (values.json) {
    console.log(JSON.stringify({ ...summary, failed: failed.map(({ name }) => name) }));
    return;
  }
  const line = (label: string, count: number) => console.log(`${label.padEnd(34)}${count} of ${total}`);
  console.log(`Executions recorded on AWS, replayed on the interpreter (${corpus})`);
  line('status, output and error', summary.status);
  line('inputs and outputs of the states', summary.stateIO);
  line('types of the history events', summary.history);
  for (const { name, why } of failed) {
    console.log(`\n${name}`);
    for (const difference of why) console.log(`  ${difference}`);
  }
}

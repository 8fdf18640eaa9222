import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a recorded scenario that a replay needs; see the corpus's README.md. */
export interface Scenario {
  kind: 'execution' | 'choice-cases';
  stateMachines: { definition: Definition; type: string }[];
  executions: Recording[];
  transformers: Transformer[];
  /** What lay in S3. */
  s3?: { bucket: string; key: string; body: string }[] | null;
}

export interface Recording {
  input?: unknown;
  recordedInput?: unknown;
  status: string;
  output?: unknown;
  error?: string;
  eventTypes?: string[];
  stateIO?: StateIO[];
  tasks?: Record<string, TaskAnswer[]>;
}

export interface StateIO {
  name: string;
  type: string;
  input?: unknown;
  output?: unknown;
  assignedVariables?: Record<string, unknown>;
}

export interface TaskAnswer {
  scheduled?: unknown;
  result?: string;
  output?: unknown;
  error?: string;
  cause?: string;
}

export type Transformer = { regex: string; replacement: string } | { jsonpath: string; replacement: string };

interface Definition {
  QueryLanguage?: string;
  States?: Record<string, StateNode>;
}

interface StateNode {
  QueryLanguage?: string;
  Branches?: Definition[];
  ItemProcessor?: Definition;
  Iterator?: Definition;
}

export interface NamedScenario {
  name: string;
  scenario: Scenario;
}

/** The scenarios of a corpus in which every state's effective query language is JSONata. */
export function jsonataScenarios(corpus: string): NamedScenario[] {
  const read = (file: string) => JSON.parse(readFileSync(join(corpus, file), 'utf8'));
  const { scenarios } = read('index.json') as { scenarios: { name: string; file: string }[] };
  return scenarios
    .map(({ name, file }) => ({ name, scenario: read(file) as Scenario }))
    .filter(({ scenario }) => isJsonata(scenario));
}

const isJsonata = ({ stateMachines }: Scenario): boolean =>
  stateMachines.length > 0 && stateMachines.every(({ definition }) => allJsonata(definition, definition.QueryLanguage));

function allJsonata(definition: Definition, language = 'JSONPath'): boolean {
  return Object.values(definition.States ?? {}).every((state) => {
    const inner = [...(state.Branches ?? []), state.ItemProcessor, state.Iterator].filter((set) => set !== undefined);
    return (state.QueryLanguage ?? language) === 'JSONata' && inner.every((set) => allJsonata(set, language));
  });
}

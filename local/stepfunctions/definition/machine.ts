import type { Json } from '../json.ts';

/** The Amazon States Language as this interpreter runs it: JSONata states. Field names are the specification's. */
export interface Machine extends StateSet {
  Comment?: string;
  QueryLanguage?: QueryLanguage;
  TimeoutSeconds?: number;
}

/** States that run as one line of control: a machine, a branch, an item processor. */
export interface StateSet {
  StartAt: string;
  States: Record<string, State>;
}

type QueryLanguage = 'JSONata' | 'JSONPath';
export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;
export type StateType = State['Type'];

/** A number, or a JSONata expression that gives one. */
type NumberField = number | string;

interface Common {
  Comment?: string;
  QueryLanguage?: QueryLanguage;
}

/** What a state or a transition out of it leaves behind. */
export interface Results {
  Assign?: Record<string, Json>;
  Output?: Json;
}

interface Transition {
  Next?: string;
  End?: true;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Results {
  ErrorEquals: string[];
  Next: string;
}

interface Handlers {
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface TaskState extends Common, Results, Transition, Handlers {
  Type: 'Task';
  Resource: string;
  Arguments?: Json;
  TimeoutSeconds?: NumberField;
  HeartbeatSeconds?: NumberField;
}

export interface PassState extends Common, Results, Transition {
  Type: 'Pass';
}

interface ChoiceRule extends Results {
  Condition: boolean | string;
  Next: string;
}

export interface ChoiceState extends Common, Results {
  Type: 'Choice';
  Choices: ChoiceRule[];
  Default?: string;
}

export interface WaitState extends Common, Results, Transition {
  Type: 'Wait';
  Seconds?: NumberField;
  Timestamp?: string;
}

export interface SucceedState extends Common {
  Type: 'Succeed';
  Output?: Json;
}

export interface FailState extends Common {
  Type: 'Fail';
  Error?: string;
  Cause?: string;
}

export interface ParallelState extends Common, Results, Transition, Handlers {
  Type: 'Parallel';
  Branches: StateSet[];
  Arguments?: Json;
}

export interface MapState extends Common, Results, Transition, Handlers {
  Type: 'Map';
  ItemProcessor: StateSet & { ProcessorConfig?: { Mode?: 'INLINE' | 'DISTRIBUTED'; ExecutionType?: 'STANDARD' } };
  Items?: Json;
  ItemSelector?: Json;
  MaxConcurrency?: NumberField;
  ToleratedFailureCount?: NumberField;
  ToleratedFailurePercentage?: NumberField;
  ItemReader?: ItemReader;
  ItemBatcher?: ItemBatcher;
  ResultWriter?: ResultWriter;
  Label?: string;
}

/** Where a distributed Map finds its items. */
export interface ItemReader {
  Resource: string;
  Arguments: Json;
  ReaderConfig?: ReaderConfig;
}

export interface ReaderConfig {
  InputType?: 'JSON' | 'JSONL' | 'CSV';
  CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN';
  CSVHeaders?: string[];
  CSVDelimiter?: 'COMMA' | 'PIPE' | 'SEMICOLON' | 'SPACE' | 'TAB';
  /** The place of the items in a JSON document, as a JSON Pointer: `/output/names`. */
  ItemsPointer?: string;
  MaxItems?: NumberField;
}

/** How a distributed Map hands several items to one child execution. */
export interface ItemBatcher {
  MaxItemsPerBatch?: NumberField;
  MaxInputBytesPerBatch?: NumberField;
  BatchInput?: Json;
}

/** Where a distributed Map leaves what its child executions gave, and in which form. */
export interface ResultWriter {
  Resource?: string;
  Arguments?: Json;
  WriterConfig?: { Transformation?: 'NONE' | 'COMPACT' | 'FLATTEN'; OutputType?: 'JSON' | 'JSONL' };
}

export const isDistributed = (state: State): boolean =>
  state.Type === 'Map' && state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';

/** Where control can go from a state. */
export function targetsOf(state: State): string[] {
  const targets: (string | undefined)[] = [];
  if ('Next' in state) targets.push(state.Next);
  if ('Catch' in state) targets.push(...(state.Catch ?? []).map((catcher) => catcher.Next));
  if (state.Type === 'Choice') targets.push(state.Default, ...state.Choices.map((rule) => rule.Next));
  return targets.filter((target) => target !== undefined);
}

/** The lines of control inside a state, each with its path below the state. */
export function innerSets(state: State): { path: string; set: StateSet }[] {
  if (state.Type === 'Parallel') return state.Branches.map((set, i) => ({ path: `Branches[${i}]`, set }));
  return state.Type === 'Map' ? [{ path: 'ItemProcessor', set: state.ItemProcessor }] : [];
}

/** Every part of a state that assigns variables or shapes output: itself, its choice rules, its catchers. */
export function resultsOf(state: State): Results[] {
  if (state.Type === 'Choice') return [state, ...state.Choices];
  if (state.Type === 'Fail') return [];
  return 'Catch' in state ? [state, ...(state.Catch ?? [])] : [state];
}

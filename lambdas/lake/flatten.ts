/**
 * Nested records as flat rows, as flatten_json 0.1.6 makes them: names joined by `_`, list items by their index, empty
 * lists and objects gone, and of two fields that get the same name the last one counts.
 */
import { BeyondBounds, MOST_DEPTH, MOST_VALUES, TOO_DEEP } from './bounds.ts';
import { isRawJSON, type Json } from './exact.ts';

/** Everything that gets one flat name. Two paths may (`a_b` and `a` → `b`): then they share the field. */
export interface Field {
  readonly name: string;
  /** Records in which the name came more than once, as often as it did. */
  collisions: number;
  /** The last record that had the field. */
  record: number;
}

interface Node<F extends Field> {
  readonly field: F;
  readonly path: string;
  readonly inner: Map<string | number, Node<F>>;
}

/** Of a node that is not remembered. */
const NOTHING = new Map();

/** Names beyond so many share one field, so that memory stays bounded where records have ids for keys. */
const REMEMBERED = 20_000;
/** Of a name in characters. Longer ones, which no column can have, share that field too. */
const LONGEST_NAME = 255;
export const OTHERS = '(other names)';

/**
 * Flattens record after record. What a path is called and which field it fills is found once, not once a record.
 *
 * @typeParam F what the caller keeps for a flat name
 */
export class Flattener<F extends Field> {
  /** By name; the one that stands for the names beyond those remembered is `(other names)`. */
  readonly fields = new Map<string, F>();
  readonly #make: (name: string) => F;
  readonly #whole: (field: F, value: Json) => boolean;
  readonly #root: Node<F>;
  readonly #others: F;
  /** Of all paths whose names are too long. */
  readonly #unnamed: Node<F>;
  #remembered = 0;
  #record = 0;
  #values = 0;
  #depth = 0;

  /**
   * @param make what to keep for a flat name, when it is first met
   * @param whole whether a field takes a list or object as it is, so that it is not flattened
   */
  constructor(make: (name: string) => F, whole: (field: F, value: Json) => boolean = () => false) {
    this.#make = make;
    this.#whole = whole;
    this.#others = make(OTHERS);
    this.fields.set(OTHERS, this.#others);
    this.#root = { field: make(''), path: '', inner: new Map() };
    this.#unnamed = { field: this.#others, path: OTHERS, inner: new Map() };
  }

  /**
   * Gives each scalar of the record to `emit`, in order; of colliding ones each, so that the last one stays.
   * @throws BeyondBounds where the record is nested too deep or has too many values
   */
  flatten(record: object, emit: (field: F, value: Json) => void): void {
    this.#record++;
    this.#values = 0;
    this.#depth = 0;
    this.#object(record, this.#root, emit);
  }

  #object(value: object, node: Node<F>, emit: (field: F, value: Json) => void): void {
    this.#enter();
    for (const name in value) this.#value((value as Record<string, Json>)[name] as Json, this.#step(node, name), emit);
    this.#depth--;
  }

  #list(value: readonly Json[], node: Node<F>, emit: (field: F, value: Json) => void): void {
    this.#enter();
    for (let i = 0; i < value.length; i++) this.#value(value[i] as Json, this.#step(node, i), emit);
    this.#depth--;
  }

  #enter(): void {
    if (++this.#depth > MOST_DEPTH) throw new BeyondBounds(TOO_DEEP);
  }

  #value(value: Json, node: Node<F>, emit: (field: F, value: Json) => void): void {
    if (++this.#values > MOST_VALUES) throw new BeyondBounds(`has more than ${MOST_VALUES} values`);
    if (typeof value !== 'object' || value === null || isRawJSON(value) || this.#whole(node.field, value)) {
      this.#scalar(value, node.field, emit);
    } else if (Array.isArray(value)) {
      this.#list(value, node, emit);
    } else {
      this.#object(value, node, emit);
    }
  }

  #scalar(value: Json, field: F, emit: (field: F, value: Json) => void): void {
    if (field.record === this.#record && field !== this.#others) field.collisions++;
    field.record = this.#record;
    emit(field, value);
  }

  #step(node: Node<F>, key: string | number): Node<F> {
    if (node === this.#unnamed) return node;
    const known = node.inner.get(key);
    if (known) return known;
    const path = node.path === '' ? `${key}` : `${node.path}_${key}`;
    if (path.length > LONGEST_NAME) return this.#unnamed;
    const isRemembered = this.#remembered++ < REMEMBERED;
    const step = { field: this.#field(path), path, inner: isRemembered ? new Map() : NOTHING };
    if (isRemembered) node.inner.set(key, step);
    return step;
  }

  #field(name: string): F {
    const known = this.fields.get(name);
    if (known) return known;
    if (this.#remembered > REMEMBERED) return this.#others;
    const field = this.#make(name);
    this.fields.set(name, field);
    return field;
  }
}

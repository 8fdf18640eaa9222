/** References as types: what an author passes where a value exists only while a run runs. `lib/dag` makes them. */

export type Primitive = string | number | boolean | null | undefined;

declare const type: unique symbol;

/** A `T` of the run. Its fields are references too: `extract.output.rows` is a `Ref<number>`. */
export type Ref<T> = RefTo<T> & Fields<T>;
interface RefTo<out T> {
  readonly [type]: T;
}
type Fields<T> = T extends Primitive | readonly unknown[] ? unknown : { readonly [K in keyof T]-?: Ref<T[K]> };

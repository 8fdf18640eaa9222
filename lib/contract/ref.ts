/** References as types: what an author passes where a value exists only while a run runs. `lib/dag` makes them. */
import type { Named } from './fields.ts';

export type Primitive = string | number | boolean | null | undefined;

declare const type: unique symbol;

/** A `T` of the run. Its fields are references too: `extract.output.rows` is a `Ref<number>`. */
export type Ref<T> = RefTo<T> & Fields<T>;
interface RefTo<out T> {
  readonly [type]: T;
}
type Fields<T> = T extends Primitive | readonly unknown[] ? unknown : { readonly [K in keyof T]-?: Ref<T[K]> };

/** In an input as plain data: stands for a value that only a run knows. */
export type Later = { readonly $ref: readonly string[] } | { readonly $text: unknown } | { readonly $op: unknown };

export const isLater = (value: unknown): value is Later =>
  typeof value === 'object' && value !== null && ('$ref' in value || '$text' in value || '$op' in value);

/** A `T` as its author wrote it, as plain data. What is named at synth is never for later. */
type Written<T> = unknown extends T
  ? unknown
  : [Exclude<T, undefined>] extends [Named | { readonly [K in string]?: Named }]
    ? T
    : WrittenFields<T> | Later;
export type WrittenFields<T> = T extends Primitive
  ? T
  : T extends readonly (infer U)[]
    ? readonly Written<U>[]
    : { readonly [K in keyof T]: Written<T[K]> };

/** As the API lists it; numbers keep their text. */
export interface Activity {
  readonly id: number;
  readonly athlete: { readonly id: number; readonly [field: string]: unknown };
  readonly start_date: string;
  readonly [field: string]: unknown;
}

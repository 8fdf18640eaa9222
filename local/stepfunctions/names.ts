// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what AWS forbids in names
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** Whether AWS takes this as the name of a state machine or an execution, or as a Map's label. */
export const isName = (name: string, longest: number): boolean =>
  name.length >= 1 && name.length <= longest && !FORBIDDEN.test(name);

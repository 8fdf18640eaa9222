/** The rows of a text whose fields are separated by `delimiter`, as RFC 4180 has it; empty lines are no rows. */
export function rowsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  for (const { value, end } of fieldsOf(text, delimiter)) {
    rows.at(-1)?.push(value);
    if (end !== delimiter) rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || (row[0] ?? '') !== '');
}

/** Each field with what ends it: the delimiter, a line's end, or '' at the end of the text. */
function* fieldsOf(text: string, delimiter: string): Generator<{ value: string; end: string }> {
  const between = delimiter === '|' ? '\\|' : delimiter;
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|(?!")([^\\r\\n${between}]*))(${between}|\\r?\\n|\\r|$)`, 'y');
  for (let end: string | undefined = delimiter; end !== ''; ) {
    const at = field.lastIndex;
    const [, quoted, plain = '', found] = field.exec(text) ?? [];
    if (found === undefined) throw new Error(`The CSV field at character ${at} has a quote that does not end it.`);
    end = found;
    yield { value: quoted?.replaceAll('""', '"') ?? plain, end };
  }
}

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

const OPTIONS = "IAM_ROLE 'arn:aws:iam::000000000000:role/copy' FORMAT AS JSON 'auto' GZIP TIMEFORMAT 'auto'";

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
});
beforeEach(async () => {
  await warehouse.batch([
    'DROP TABLE IF EXISTS t',
    `CREATE TABLE t (id int8 NOT NULL, name varchar(5), ok boolean, score float8, day date, at timestamp,
       tz timestamptz, extra super)`,
  ]);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const copy = (url: string, options = OPTIONS) => `COPY t FROM '${url}' ${options}`;

describe('COPY', () => {
  test('loads values of every type, exactly, and counts them', async () => {
    const url = warehouse.put(
      'types.ndjson',
      [
        '{"id": 9007199254740993, "name": "é", "ok": true, "score": 0.1, "day": "2026-11-19", "at": "2026-11-19T01:02:03Z", "tz": "2026-11-19T01:02:03+02:00", "extra": {"a": [1, null]}, "unknown": 5}',
        '{"id": "2", "name": null, "ok": "f", "extra": null}',
        '',
      ].join('\n'),
    );
    const options = OPTIONS.replace('GZIP', '');
    expect(await warehouse.ok(copy(url, options))).toMatchObject({ ResultRows: 2, HasResultSet: false });
    expect(await warehouse.rows('SELECT * FROM t ORDER BY id DESC')).toEqual([
      [
        9007199254740993n,
        'é',
        true,
        0.1,
        '2026-11-19',
        '2026-11-19 01:02:03',
        '2026-11-18 23:02:03+00',
        '{"a":[1,null]}',
      ],
      [2, null, false, null, null, null, null, null],
    ]);
  });

  test('of a manifest loads its objects and no others', async () => {
    const urls = [1, 2].map((id) => warehouse.putRows(`part-${id}.gz`, [{ id }]));
    warehouse.putRows('part-3.gz', [{ id: 3 }]);
    const entries = [...urls.map((url) => ({ url, mandatory: true })), { url: 's3://lake/nosuch', mandatory: false }];
    const manifest = warehouse.put('manifest.json', JSON.stringify({ entries }));
    await warehouse.ok(`${copy(manifest)} MANIFEST MAXERROR 0 COMPUPDATE OFF STATUPDATE OFF REGION 'us-east-1'`);
    expect(await warehouse.rows('SELECT id FROM t ORDER BY id')).toEqual([[1], [2]]);
  });

  test('of a prefix loads every object whose key begins with it', async () => {
    warehouse.putRows('prefixed/a.gz', [{ id: 1 }]);
    const url = warehouse.putRows('pre-a.gz', [{ id: 4 }]);
    warehouse.putRows('pre-b.gz', [{ id: 5 }]);
    await warehouse.ok(copy(url.replace('a.gz', '')));
    expect(await warehouse.rows('SELECT id FROM t ORDER BY id')).toEqual([[4], [5]]);
  });

  test('fills the columns of its list only, and the others with their defaults', async () => {
    await warehouse.ok("ALTER TABLE t ADD COLUMN source varchar(9) DEFAULT 'github'");
    const url = warehouse.putRows('list.gz', [{ id: 1, name: 'ada', source: 'file' }]);
    await warehouse.ok(`COPY t (id) FROM '${url}' ${OPTIONS}`);
    expect(await warehouse.rows('SELECT id, name, source FROM t')).toEqual([[1, null, 'github']]);
  });

  test('matches keys by case, unless it is told to ignore it', async () => {
    const url = warehouse.putRows('case.gz', [{ id: 1, Name: 'ada', EXTRA: { b: 1 } }]);
    await warehouse.ok(copy(url));
    await warehouse.ok(copy(url, OPTIONS.replace("'auto' GZIP", "'auto ignorecase' GZIP")));
    expect(await warehouse.rows('SELECT name, extra FROM t ORDER BY 1')).toEqual([
      ['ada', '{"b":1}'],
      [null, null],
    ]);
  });

  test('tells its session how many rows it loaded', async () => {
    const url = warehouse.putRows('count.gz', [{ id: 1 }, { id: 2 }]);
    const { SubStatements = [] } = await warehouse.batch([copy(url), 'SELECT pg_last_copy_count()']);
    expect(await warehouse.rowsOf(SubStatements[1]?.Id ?? '')).toEqual([[2]]);
  });

  test.each([
    [{ id: 1.5 }, 'id', 1207],
    [{ id: '1.0' }, 'id', 1207],
    [{ id: 'x' }, 'id', 1207],
    [{ id: 2 ** 70 }, 'id', 1207],
    [{ name: 'ada' }, 'id', 1213],
    [{ id: 1, name: 'ééé' }, 'name', 1204],
    [{ id: 1, name: 'a\0b' }, 'name', 1220],
    [{ id: 1, ok: 'maybe' }, 'ok', 1210],
    [{ id: 1, score: 'high' }, 'score', 1208],
    [{ id: 1, day: '2026-02-30' }, 'day', 1205],
    [{ id: 1, at: 'now' }, 'at', 1206],
    [{ id: 1, tz: 'yesterday' }, 'tz', 1206],
  ])('of %j fails and tells where', async (row, column, code) => {
    const good = warehouse.putRows('good.gz', [{ id: 7 }]);
    const bad = warehouse.putRows('bad.gz', [{ id: 8 }, row]);
    const manifest = warehouse.put('bad.json', JSON.stringify({ entries: [{ url: good }, { url: bad }] }));
    const { Error: error, RedshiftQueryId } = await warehouse.run(`${copy(manifest)} MANIFEST`);
    expect(error).toBe("ERROR: Load into table 't' failed. Check 'sys_load_error_detail' system table for details.");
    expect(
      await warehouse.rows(
        'SELECT file_name, line_number, column_name, error_code FROM sys_load_error_detail WHERE query_id = :id',
        {
          parameters: { id: String(RedshiftQueryId) },
        },
      ),
    ).toEqual([[bad, 2, column, code]]);
    expect(await warehouse.rows('SELECT * FROM t')).toEqual([]);
  });

  test.each([
    ['{"id": 1}\n{"id": 2\n{"id": 3}\n', 2],
    ['{"id": 1}\n[{"id": 2}]\n', 2],
    [Buffer.from('{"id": 1, "name": "\xff"}\n', 'latin1'), 1],
    ['{"id": 1, "id": 2}\n', 1],
  ])('of a file that is not one JSON object a line fails with its line', async (content, line) => {
    const { Error: error } = await warehouse.run(
      copy(warehouse.put('broken.ndjson', content), OPTIONS.replace('GZIP', '')),
    );
    expect(error).toContain('sys_load_error_detail');
    const [found] = await warehouse.rows('SELECT line_number, err_reason FROM stl_load_errors ORDER BY query DESC');
    expect(found).toEqual([line, expect.stringContaining('Invalid JSON format')]);
  });

  test('keeps the load error of a batch that is undone', async () => {
    const url = warehouse.putRows('undone.gz', [{ id: 'x' }]);
    const batch = await warehouse.batch(['INSERT INTO t (id) VALUES (1)', copy(url)]);
    const id = String(batch.SubStatements?.[1]?.RedshiftQueryId);
    const sql = 'SELECT raw_field_value FROM stl_load_errors WHERE query = :id';
    expect(await warehouse.rows(sql, { parameters: { id } })).toEqual([['x']]);
    expect(await warehouse.rows('SELECT * FROM t')).toEqual([]);
  });

  test.each([
    [copy('s3://lake/nosuch'), "The specified S3 prefix 'nosuch' does not exist"],
    [`${copy('s3://lake/nosuch')} MANIFEST`, 'Problem reading manifest file'],
    [copy('file:///etc/passwd'), 'is no s3://bucket/key'],
    [`${copy('s3://lake/x')} TRUNCATECOLUMNS`, 'does not do this option of COPY'],
    [`${copy('s3://lake/x')} ACCEPTINVCHARS`, 'does not do this option of COPY'],
    [`${copy('s3://lake/x')} MAXERROR 5`, 'does not do MAXERROR above 0'],
    [`${copy('s3://lake/x')} GZIP`, 'redundant options: gzip'],
    ["COPY t FROM 's3://lake/x' FORMAT JSON 'auto'", 'COPY needs IAM_ROLE'],
    ["COPY t FROM 's3://lake/x' IAM_ROLE 'me' FORMAT JSON 'auto'", "Invalid IAM_ROLE 'me'"],
    ["COPY t FROM 's3://lake/x' IAM_ROLE default CSV", 'does not do this option of COPY'],
    ["COPY t FROM 's3://lake/x' IAM_ROLE default FORMAT JSON 's3://lake/paths.json'", 'does not do COPY from JSON'],
    ["COPY t FROM 's3://lake/x' IAM_ROLE default FORMAT JSON 'auto'", "without TIMEFORMAT 'auto'"],
    [`COPY t (nosuch) FROM 's3://lake/x' ${OPTIONS}`, 'column "nosuch" does not exist'],
    [`COPY nosuch FROM 's3://lake/x' ${OPTIONS}`, 'relation "nosuch" does not exist'],
  ])('%s is refused', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });

  test.each([
    [{ entries: [{ url: 's3://lake/nosuch', mandatory: true }] }, 'is mandatory and does not exist'],
    [
      { entries: [{ url: 's3://lake/sized.gz', mandatory: true, meta: { content_length: 1 } }] },
      'its content_length in the manifest is 1',
    ],
    [{ entries: [{ url: 's3://lake/sized.gz', rows: 5 }] }, 'not in the format of a manifest'],
    [{ entries: [] }, 'not in the format of a manifest'],
  ])('of the manifest %j is refused', async (manifest, error) => {
    warehouse.putRows('sized.gz', [{ id: 1 }]);
    const url = warehouse.put('odd.json', JSON.stringify(manifest));
    expect(await warehouse.error(`${copy(url)} MANIFEST`)).toContain(error);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../worlds/local/warehouse.ts';

describe('The file of the warehouse', () => {
  test('keeps users, schemas, tables, lengths and load errors over a restart', async () => {
    const first = await TestWarehouse.open();
    await first.ok("CREATE USER warehouse PASSWORD 'Secret123'");
    await first.ok('CREATE SCHEMA own AUTHORIZATION warehouse');
    await first.ok('CREATE TABLE own.t (a varchar(3), at timestamp DEFAULT sysdate)', { as: 'warehouse' });
    const bad = first.putRows('bad.gz', [{ a: 'long' }]);
    await first.run(`COPY own.t FROM '${bad}' IAM_ROLE default FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto'`);
    await first.close();
    await using second = await TestWarehouse.open(first.directory);
    await second.ok("INSERT INTO own.t (a) VALUES ('abc')", { as: 'warehouse' });
    expect(await second.error("INSERT INTO own.t (a) VALUES ('abcd')")).toContain('character varying(3)');
    expect(await second.rows('SELECT column_name FROM sys_load_error_detail')).toEqual([['a']]);
    await second.ok('CREATE TABLE own.u (a int)', { as: 'warehouse' });
  });

  test('holds what was committed, and nothing else, after its process was killed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'warehouse-'));
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script(directory)], { stdio: 'inherit' });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    await using warehouse = await TestWarehouse.open(directory);
    expect(await warehouse.rows('SELECT a FROM t')).toEqual([[1]]);
  });

  test('that is damaged in its middle is named by the statement that meets it; the rest works, and what to do helps', async () => {
    const first = await TestWarehouse.open();
    const file = join(first.directory, 'warehouse.duckdb');
    await first.batch([
      'CREATE TABLE whole (a int)',
      'INSERT INTO whole VALUES (1)',
      'CREATE TABLE many (n int, x varchar(80))',
    ]);
    await first.batch([
      "INSERT INTO many VALUES (1, 'x')",
      ...Array(17).fill('INSERT INTO many SELECT n + (SELECT count(*) FROM many), md5(x || n) FROM many'),
    ]);
    await first.close();
    const bytes = readFileSync(file);
    for (let percent = 40; percent < 80; percent += 5) {
      const at = Math.floor((bytes.length * percent) / 100);
      bytes.fill(7, at, at + 64);
    }
    writeFileSync(file, bytes);

    await using second = await TestWarehouse.open(first.directory);
    const error = await second.error('SELECT max(x) FROM many');
    expect(error).toContain(`${file}, is damaged where this statement reads it (IO Error: Corrupt database file`);
    expect(error).toContain('drop that table and load its data again');
    expect(await second.rows('SELECT a FROM whole')).toEqual([[1]]);
    await second.batch(['DROP TABLE many', 'CREATE TABLE many (n int)', 'INSERT INTO many VALUES (2)']);
    expect(await second.rows('SELECT n FROM many')).toEqual([[2]]);
  });

  test('is open in one place at a time', async () => {
    await using warehouse = await TestWarehouse.open();
    const child = spawn(process.execPath, ['--input-type=module', '--eval', openTwice(warehouse.directory)]);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await once(child, 'close');
    expect(output).toContain('If another process has it open');
  });
});

const OPEN = (directory: string) => `
  import { TestWarehouse } from '${join(import.meta.dirname, '../../worlds/local/warehouse.ts')}';
  const warehouse = await TestWarehouse.open('${directory}')`;

const script = (directory: string) => `${OPEN(directory)};
  await warehouse.batch(['CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)']);
  const endless = Array(14).fill('INSERT INTO n SELECT a FROM n');
  await warehouse.batch(['CREATE TABLE n (a int)', 'INSERT INTO n VALUES (1)', ...endless]);
  const join = 'SELECT count(*) FROM n AS x CROSS JOIN n AS y CROSS JOIN n AS z';
  const request = { WorkgroupName: 'sluice', Database: 'dev', SecretArn: 'admin', Sqls: ['INSERT INTO t VALUES (2)', join] };
  const { Id } = await warehouse.api.BatchExecuteStatement(request);
  for (;;) {
    const { SubStatements: [insert] } = await warehouse.api.DescribeStatement({ Id });
    if (insert.Status === 'FINISHED') process.kill(process.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }`;

const openTwice = (directory: string) => `${OPEN(directory)}.catch((error) => console.log(error.message));`;

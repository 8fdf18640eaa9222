import type { Table } from '#sluice';

export const orders: Table = {
  name: 'shop.orders',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'customer_name', type: 'varchar(1024)' },
    { name: 'total', type: 'float8' },
    { name: 'updated_at', type: 'timestamptz', notNull: true },
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
};

export const tables = [orders];

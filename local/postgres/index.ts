/** A real PostgreSQL of this machine, as RDS gives one: a server at an address, with a user and a database. */
export { startPostgres } from './server.ts';

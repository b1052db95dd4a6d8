/** The package pg, which brings no types of its own: connect-postgres.ts says what is used of it. */

declare module "pg";

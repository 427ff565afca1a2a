import { defineConfig } from 'drizzle-kit';

/** `npm run migration -- users` writes the SQL that the tables need. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './subgraphs/users/src/persistence/schema.ts',
  out: './subgraphs/users/migrations',
});

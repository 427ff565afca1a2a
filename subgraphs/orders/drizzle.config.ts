import { defineConfig } from 'drizzle-kit';

/** `npm run migration -- orders` writes the SQL that the tables need. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './subgraphs/orders/src/persistence/schema.ts',
  out: './subgraphs/orders/migrations',
});

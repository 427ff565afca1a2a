import { defineConfig } from 'drizzle-kit';

/** `npm run migration -- products` writes the SQL that the tables need. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './subgraphs/products/src/persistence/schema.ts',
  out: './subgraphs/products/migrations',
});

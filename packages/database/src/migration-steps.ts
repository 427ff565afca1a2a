import { failpoint } from '@trellis/failpoints';
import type { Logger } from 'drizzle-orm';

/** Is called before each statement of a migration, which drizzle shows to nobody but its logger. */
export const migrationSteps: Logger = {
  logQuery() {
    failpoint('migration.statement');
  },
};

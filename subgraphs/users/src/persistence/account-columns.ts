import { getTableColumns } from 'drizzle-orm';
import { users } from './schema.ts';

const { emailKey: _emailKey, passwordHash: _passwordHash, ...columns } = getTableColumns(users);

/** What reads an `Account`: every column but those that its owner is known and proven by. */
export const accountColumns = columns;

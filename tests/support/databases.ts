import { afterAll, beforeAll, describe } from '@jest/globals';
import { openDatabase, type Database } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { createEmbeddedDatabase } from './embedded-database.ts';
import { createTestDatabase, describeWithServices } from './services.ts';

/** How a test opens a database of its own kind: the same one again where a service is to be started on it. */
export interface DatabaseUnderTest {
  /** Opened before the tests of the suite, with every migration applied. */
  readonly database: Database;
  readonly kind: 'PGlite' | 'PostgreSQL';
}

/** Where a database is to be opened: a new embedded one, or a new one on the server. */
export interface DatabasePlace {
  readonly kind: DatabaseUnderTest['kind'];
  /** Absent: embedded. */
  readonly url?: string;
  readonly directory: string;
  /** Removes what was made. */
  drop(): Promise<void>;
}

/** Runs a suite for PGlite and, where there is one, for PostgreSQL. */
export function describeOnEveryPlace(
  title: string,
  define: (makePlace: () => Promise<DatabasePlace>, kind: DatabasePlace['kind']) => void,
): void {
  describe(`${title} (PGlite)`, () => {
    define(async () => ({ kind: 'PGlite', ...(await createEmbeddedDatabase()) }), 'PGlite');
  });
  describeWithServices(['postgres'], `${title} (PostgreSQL)`, () => {
    define(
      async () => ({ kind: 'PostgreSQL', directory: '', ...(await createTestDatabase()) }),
      'PostgreSQL',
    );
  });
}

/**
 * Holds both databases to one behaviour: the suite runs on PGlite and, where there is one, on PostgreSQL.
 * @param migrations the folder of SQL migrations.
 * @param define gets a handle whose properties can be read inside tests and hooks.
 */
export function describeOnEveryDatabase(
  title: string,
  migrations: string,
  define: (subject: DatabaseUnderTest) => void,
): void {
  describeOnEveryPlace(title, (makePlace, kind) => {
    let database: Database | undefined;
    let place: DatabasePlace | undefined;
    beforeAll(async () => {
      place = await makePlace();
      const { directory, url } = place;
      database = await openDatabase(
        // However long: that a statement gives up waiting is a test of its own.
        { service: 'test', directory, url, migrations, connectTimeoutMs: 60_000 },
        createLogger('test', 'silent'),
      );
    });
    afterAll(async () => {
      await database?.stop();
      await place?.drop();
    });
    define({
      kind,
      get database() {
        if (database === undefined) throw new Error('the database is open inside tests and hooks only');
        return database;
      },
    });
  });
}

import { expect, it } from '@jest/globals';
import pg from 'pg';
import { freePorts, startProcess } from '../support/processes.ts';
import { createTestDatabase, describeWithServices } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

const waiting = `select 1 from pg_locks join pg_database on oid = database
  where datname = current_database() and locktype = 'advisory' and not granted`;

describeWithServices(['postgres'], 'a start that waits for another replica', () => {
  it('is cut off by SIGTERM', async () => {
    const [noBroker] = await freePorts(1);
    const database = await createTestDatabase();
    const replica = new pg.Client({ connectionString: database.url });
    await replica.connect();
    await replica.query('select pg_advisory_lock(7236501)'); // as a replica that migrates
    const starting = startProcess('subgraphs/products/src/main.ts', {
      PRODUCTS_PORT: '0',
      PRODUCTS_DATABASE_URL: database.url,
      AMQP_URL: `amqp://127.0.0.1:${noBroker}`,
    });
    await waitFor('the start to wait', async () => (await replica.query(waiting)).rowCount === 1, 20_000);

    starting.child.kill('SIGTERM');

    expect(await starting.ended()).toBe(143);
    await replica.end();
    await database.drop();
  });
});

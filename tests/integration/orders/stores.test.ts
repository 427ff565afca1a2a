import { describe, expect, it } from '@jest/globals';
import type { Queryable } from '@trellis/database';
import { parseEvent } from '@trellis/event-contracts';
import { createLogger } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { expireOrders } from '../../../subgraphs/orders/src/application/expire-orders.ts';
import { createOrderFollower } from '../../../subgraphs/orders/src/application/follow-orders.ts';
import { after, settle } from '../../../subgraphs/orders/src/domain/change-order.ts';
import { createStockConsumers } from '../../../subgraphs/orders/src/messaging/stock-consumers.ts';
import { listenForOrderChanges } from '../../../subgraphs/orders/src/persistence/postgres-order-changes.ts';
import { createPostgresOrderHistory } from '../../../subgraphs/orders/src/persistence/postgres-order-history.ts';
import { createPostgresOrderStore } from '../../../subgraphs/orders/src/persistence/postgres-order-store.ts';
import { createPostgresOrderTransaction } from '../../../subgraphs/orders/src/persistence/postgres-order-transaction.ts';
import { deadLetters, outbox } from '../../../subgraphs/orders/src/persistence/schema.ts';
import { createStorage } from '../../../subgraphs/orders/src/storage.ts';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { stockReserved } from '../../support/events.ts';
import { waitFor } from '../../support/wait-for.ts';
import { insert, newCustomer, newOrder, ordersMigrations } from './support/stored-orders.ts';

const logger = createLogger('test', 'silent');
const now = () => new Date();

describeOnEveryDatabase('the stores of orders', ordersMigrations, (subject) => {
  const onPostgreSql = subject.kind === 'PostgreSQL' ? it : it.skip;
  const store = () => createStorage(subject.database).orders;
  const ordersIn = (tx: Queryable) => createStorage(subject.database).ordersIn(tx);
  const place = (order = newOrder()) => store().transaction((tx) => insert(tx, order));
  const confirm = (orderId: ReturnType<typeof newOrder>['id']) =>
    store().transaction(async (tx) => {
      const order = await tx.lock(orderId);
      const step = order === undefined ? undefined : settle(order, { kind: 'reserved' }, now());
      if (order !== undefined && step !== undefined) await tx.record(after(order, step), {});
    });
  const statusesOf = async (ids: readonly ReturnType<typeof newOrder>['id'][]) => {
    const timelines = await store().timelines(ids);
    return ids.map((id) =>
      timelines
        .get(id)
        ?.map(({ state }) => state.status)
        .join(' '),
    );
  };
  const eventsOf = async (type: string, ids: readonly string[]) => {
    const rows = await subject.database.query.select().from(outbox);
    return rows.filter(({ event }) => event.type === type && ids.includes(event.subject));
  };

  it('writes an order with its lines, its step and its event, or nothing', async () => {
    const order = newOrder();
    const failing = createPostgresOrderStore(subject.database, (tx) =>
      createPostgresOrderTransaction(tx, () => Promise.reject(new Error('no event'))),
    );

    await expect(failing.transaction((tx) => insert(tx, order))).rejects.toThrow('no event');

    expect(await store().findMany([order.id])).toEqual([]);
    expect(await store().items([order.id])).toEqual(new Map());
  });

  it('gives an order back as it was placed', async () => {
    const { items, ...order } = newOrder();

    await place({ ...order, items });

    expect(await store().findMany([order.id])).toEqual([order]);
    expect(await store().items([order.id])).toEqual(new Map([[order.id, items]]));
    expect(await store().timelines([order.id])).toEqual(new Map([[order.id, [order.lastStep]]]));
  });

  it('keeps an answer about an unknown order as a dead letter that says why', async () => {
    const [consumer] = createStockConsumers({ database: subject.database, ordersIn, now });
    const event = parseEvent(stockReserved(randomUUID()));

    const outcome = await consumer!.handle(event);
    if (outcome.kind !== 'dead-letter') throw new Error(`it was answered with ${outcome.kind}`);
    await consumer!.keepDeadLetter!({ consumer: 'orders', event, reason: outcome.reason, attempts: 1 });

    const letters = await subject.database.query.select().from(deadLetters);
    expect(letters.find(({ eventId }) => eventId === event.id)?.reason).toBe(
      `there is no order ${event.subject}`,
    );
  });

  describe('expiry', () => {
    it('ends every overdue order once, though several replicas sweep', async () => {
      const overdue = await Promise.all(
        Array.from({ length: 120 }, () => place(newOrder(newCustomer(), -1))),
      );
      const waiting = await place();
      const ids = overdue.map(({ id }) => id);

      const counts = await Promise.all([1, 2, 3].map(() => expireOrders({ orders: store(), now })));

      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(120);
      expect(new Set(await statusesOf(ids))).toEqual(new Set(['PENDING EXPIRED']));
      expect(await eventsOf('orders.order-expired.v1', ids)).toHaveLength(120);
      expect(await statusesOf([waiting.id])).toEqual(['PENDING']);
    });

    it('and an answer about the stock exclude each other', async () => {
      const customer = newCustomer();
      const placed = await Promise.all(Array.from({ length: 30 }, () => place(newOrder(customer, -1))));
      const ids = placed.map(({ id }) => id);

      const [expired] = await Promise.all([expireOrders({ orders: store(), now }), ...ids.map(confirm)]);
      const rest = await expireOrders({ orders: store(), now });

      const lives = await statusesOf(ids);
      expect(lives.filter((life) => life === 'PENDING EXPIRED')).toHaveLength(expired + rest);
      expect(lives.filter((life) => life === 'PENDING CONFIRMED')).toHaveLength(30 - expired - rest);
    });

    it('knows when the next order is due', async () => {
      const { expiresAt } = await place(newOrder(newCustomer(), 1));

      expect(await store().nextDeadline()).toEqual(expiresAt);
    });
  });

  describe('the history of a customer', () => {
    it('is read in pages, each step once', async () => {
      const customer = newCustomer();
      const history = createPostgresOrderHistory(subject.database);
      for (let count = 0; count < 101; count++) await place(newOrder(customer));

      const first = await history.stepsOfCustomer(customer, 0);
      const second = await history.stepsOfCustomer(customer, first.position);

      expect([first.steps.length, first.more]).toEqual([100, true]);
      expect([second.steps.length, second.more]).toEqual([1, false]);
      expect(second.position).toBe(await history.lastPosition(customer));
      expect(new Set([...first.steps, ...second.steps].map(({ id }) => id)).size).toBe(101);
    });

    // On PGlite, with its one connection, transactions follow each other anyway.
    onPostgreSql('never shows a step behind one that was shown before', async () => {
      const { database } = subject;
      const customer = newCustomer();
      const committed: string[] = [];
      let second: Promise<unknown> = Promise.resolve();
      const blocked = async () => {
        const waiting = await database.query
          .select({ pid: sql<number>`pid` })
          .from(sql`pg_locks join pg_database on pg_database.oid = pg_locks.database`)
          .where(sql`datname = current_database() and locktype = 'advisory' and not granted`);
        return waiting.length > 0;
      };

      await database.transaction(async (tx) => {
        await insert(ordersIn(tx), newOrder(customer)); // has its position, and takes its time to commit
        second = place(newOrder(customer)).then(() => committed.push('second'));
        await waitFor(
          'the second to wait or to commit',
          async () => committed.length > 0 || (await blocked()),
        );
        committed.push('first');
      });
      await second;

      expect(committed).toEqual(['first', 'second']);
    });
  });

  // PGlite has no connection that could be lost.
  onPostgreSql('tells followers what happened while notifications could not be heard', async () => {
    const { database } = subject;
    const changes = await listenForOrderChanges(database);
    const history = createPostgresOrderHistory(database);
    const follower = createOrderFollower({ orders: store(), history, changes, logger });
    const order = await place();
    const stream = await follower.followOrder({ customerId: order.customerId, role: 'customer' }, order.id);
    await stream?.next();
    const waiting = stream?.next();

    // What listens last said `listen`: it is cut off, as by a restart of the server.
    await database.query.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
    );
    await confirm(order.id);

    expect((await waiting)?.value?.lastStep.state.status).toBe('CONFIRMED');
    await stream?.return?.();
    expect(changes.watching()).toBe(0);
    await changes.stop();
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServices } from '../support/services.ts';
import { findDeadLetters, findViolations, type InvariantName, type Violation } from './invariants.ts';
import { damages, type Place } from './invariants/damages.ts';
import { makeInstallation, type InstallationUnderTest } from './invariants/installation-under-test.ts';

describe('the invariants (PGlite)', () => defineSuite('PGlite'));
describeWithServices(['postgres'], 'the invariants (PostgreSQL)', () => defineSuite('PostgreSQL'));

function defineSuite(kind: 'PGlite' | 'PostgreSQL'): void {
  let installation: InstallationUnderTest;
  let place: Place;

  beforeAll(async () => {
    installation = await makeInstallation(kind);
    const { orders, products } = installation.reading;
    const [order] = await orders.query(
      `select id, customer_id, idempotency_key from orders where id = '${installation.acknowledged.orders[0]!.id}'`,
    );
    const [line] = await orders.query(
      `select product_id from order_items where order_id = '${String(order!['id'])}' order by position limit 1`,
    );
    const [rejected] = await orders.query("select id from orders where status = 'REJECTED' limit 1");
    const [released] = await products.query(
      `select order_id as id from reservations join reservation_lines using (order_id) where state = 'RELEASED' limit 1`,
    );
    place = {
      order: String(order!['id']),
      product: String(line!['product_id']),
      rejected: String(rejected!['id']),
      released: String(released!['id']),
    };
  }, 120_000);

  afterAll(() => installation.dispose());

  const look = (options: Partial<Parameters<typeof findViolations>[1]> = {}) =>
    findViolations(installation.reading, { quiescent: true, ...options });

  it('finds nothing where customers ordered, cancelled and were rejected', async () => {
    const { reading, acknowledged } = installation;
    const statuses = await reading.orders.query('select distinct status from orders order by status');
    expect(statuses.map(({ status }) => status)).toEqual(['CANCELLED', 'CONFIRMED', 'REJECTED']);

    expect(await look({ acknowledged })).toEqual([]);
    expect(await look({ quiescent: false, acknowledged })).toEqual([]);
    expect(await findDeadLetters(reading)).toEqual([]);
  });

  it.each(damages)('finds $what: $invariant', ({ invariant, holds, statements, ids }) =>
    installation.damaged(async () => {
      for (const { database, text } of statements(place)) await installation.reading[database].query(text);

      const atRest = of(invariant, await look());
      expect(atRest.map((violation) => violation.ids)).toEqual(ids(place));
      for (const { sentence } of atRest) expect(sentence).toContain(ids(place)[0]![0]);
      const underWay = of(invariant, await look({ quiescent: false }));
      expect(underWay).toEqual(holds === 'always' ? atRest : []);
    }),
  );

  it('finds messages that wait in a queue, and tells dead letters apart', async () => {
    const reading = {
      ...installation.reading,
      broker: {
        depths: async () => [
          { queue: 'products.order-placed.v1', messages: 2 },
          { queue: 'trellis.retry.1000', messages: 0 },
          { queue: 'orders.stock-reserved.v1.dead-letter', messages: 1 },
        ],
      },
    };

    expect(await findViolations(reading, { quiescent: false })).toEqual([]);
    expect(await findViolations(reading, { quiescent: true })).toEqual([
      {
        invariant: 'queues-are-empty',
        ids: ['products.order-placed.v1'],
        sentence: '2 messages wait in products.order-placed.v1',
      },
    ]);
    expect(await findDeadLetters(reading)).toEqual([
      { place: 'orders.stock-reserved.v1.dead-letter', consumer: 'orders', messages: 1, eventIds: [] },
    ]);
  });

  it('takes an event that a consumer has given up for accounted for, and names it', () =>
    installation.damaged(async () => {
      const { products } = installation.reading;
      const [given] = await products.query(
        `with forgotten as (
           delete from inbox where ctid in (select ctid from inbox limit 1) returning consumer, event_id
         )
         insert into dead_letters (consumer, event_id, event, reason, attempts)
         select consumer, event_id, '{"type":"orders.order-placed.v1"}', 'cannot be read', 1 from forgotten returning event_id`,
      );

      expect(of('events-are-accounted-for', await look())).toEqual([]);
      expect(await findDeadLetters(installation.reading)).toEqual([
        {
          place: 'products.dead_letters',
          consumer: 'products',
          eventType: 'orders.order-placed.v1',
          messages: 1,
          eventIds: [given!['event_id']],
        },
      ]);
    }));

  it('takes an event that was never published for accounted for by all of its consumers', () =>
    installation.damaged(async () => {
      const { orders, products, users } = installation.reading;
      for (const database of [products, users]) {
        await database.query('delete from inbox where ctid in (select ctid from inbox limit 1)');
      }
      await orders.query(
        `insert into dead_letters (consumer, event_id, event, reason, attempts)
         values ('outbox', gen_random_uuid(), '{"type":"orders.order-cancelled.v1"}', 'does not fit its contract', 1)`,
      );

      expect(of('events-are-accounted-for', await look())).toEqual([]);
    }));

  it('tells an acknowledged order that is missing from one that another order has the key of', async () => {
    const [known] = installation.acknowledged.orders;
    const missing = { id: randomUUID(), customerId: randomUUID(), idempotencyKey: "it's gone" };
    const twice = { ...known!, id: randomUUID() };
    const orders = [known!, known!, missing, twice];

    const found = await look({ acknowledged: { orders, cancellations: [], stockChanges: [] } });

    expect(new Set(found.map(({ invariant }) => invariant))).toEqual(
      new Set<InvariantName>(['acknowledged-order-exists-once']),
    );
    expect(sorted(found.map(({ ids }) => ids))).toEqual(sorted([[missing.id], [twice.id, known!.id]]));
  });

  it('finds an acknowledged cancellation that did not last, and one of an order that is not there', async () => {
    const [confirmed] = installation.acknowledged.orders;
    const cancellations = [...installation.acknowledged.cancellations, confirmed!.id, randomUUID()];

    const found = await look({ acknowledged: { orders: [], cancellations, stockChanges: [] } });

    expect(sorted(found.map(({ ids }) => ids))).toEqual(sorted(cancellations.slice(1).map((id) => [id])));
    expect(found.map(({ invariant }) => invariant)).toEqual([
      'acknowledged-cancellation-stands',
      'acknowledged-cancellation-stands',
    ]);
  });

  it('finds an acknowledged change of stock that the ledger does not have, or has twice', () =>
    installation.damaged(async () => {
      const [known] = installation.acknowledged.stockChanges;
      await installation.reading.products.query(
        `insert into stock_ledger (product_id, stock_version, kind, on_hand_change, reserved_change, reason, created_at)
         select product_id, 1000, kind, on_hand_change, reserved_change, reason, created_at
         from stock_ledger where reason = '${known!.reason}'`,
      );
      const lost = { ...known!, reason: 'nobody wrote this' };

      const found = await look({
        acknowledged: { orders: [], cancellations: [], stockChanges: [known!, lost] },
      });

      const sentences = of('acknowledged-stock-change-exists-once', found).map(({ sentence }) => sentence);
      expect(sentences).toHaveLength(2);
      expect(sentences.join()).toMatch(
        new RegExp(`${known!.reason}"\\) was acknowledged; the ledger has it 2 times`),
      );
      expect(sentences.join()).toMatch(/nobody wrote this"\) was acknowledged; the ledger has it 0 times/);
    }));
}

function of(invariant: InvariantName, violations: readonly Violation[]): Violation[] {
  return violations.filter((violation) => violation.invariant === invariant);
}

function sorted(ids: readonly (readonly string[])[]): string[] {
  return ids.map((each) => each.join(' ')).sort();
}

import { beforeEach, expect } from '@jest/globals';
import type { Database } from '@trellis/database';
import type { CloudEvent } from '@trellis/event-contracts';
import type { EventSubscription, HandlerOutcome } from '@trellis/messaging';
import { outbox } from '@trellis/outbox';
import { eq, sql } from 'drizzle-orm';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import { createOrderConsumers } from '../../../subgraphs/products/src/messaging/order-consumers.ts';
import { stock, stockLedger } from '../../../subgraphs/products/src/persistence/schema.ts';
import { createStorage } from '../../../subgraphs/products/src/storage.ts';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { addProduct, emptyTables, eventsOf, migrations } from './stored-products.ts';

/** What a consumer says of an event that it has taken. */
export const taken: HandlerOutcome = { kind: 'ack' };

/** The consumers of orders' events on a database that is empty before each test, with the test in the place of the bus. */
export interface OrderConsumersUnderTest {
  readonly database: Database;
  /** How many transactions were begun for the deliveries of a test. */
  readonly transactions: number;
  /** Hands an event to its consumer, as the bus does. */
  deliver(event: CloudEvent): Promise<HandlerOutcome>;
  /** Adds a product, and forgets the events of that. @param amount of its price. */
  inStock(initialStock: number, amount?: number): Promise<Product>;
  stockOf(product: Product): Promise<{ onHand: number | undefined; reserved: number | undefined }>;
  published(): Promise<CloudEvent[]>;
  /** Those of the published events that answer orders. */
  answers(): Promise<CloudEvent[]>;
  /** Expects every stock to be the sum of its ledger. */
  expectLedgerToAddUp(): Promise<void>;
}

/** Runs a suite against the consumers on PGlite and, where there is one, on PostgreSQL. */
export function describeOrderConsumers(
  title: string,
  define: (products: OrderConsumersUnderTest) => void,
): void {
  describeOnEveryDatabase(title, migrations, (subject) => {
    let transactions = 0;
    beforeEach(async () => {
      transactions = 0;
      await emptyTables(subject.database);
    });

    const published = () => eventsOf(subject.database);
    define({
      get database() {
        return subject.database;
      },
      get transactions() {
        return transactions;
      },
      async deliver(event) {
        const { database } = subject;
        const { unitOfWork, now } = createStorage(database);
        const consumer = createOrderConsumers({
          database,
          now,
          unitOfWork(tx, origin) {
            transactions += 1;
            return unitOfWork(tx, origin);
          },
        }).find((candidate: EventSubscription) => candidate.eventType === event.type);
        return consumer!.handle(event);
      },
      async inStock(initialStock, amount = 4_999) {
        const price = { amount, currency: 'USD' };
        const product = await addProduct(subject.database, { initialStock, price });
        await subject.database.query.delete(outbox); // what follows is about the answers to orders
        return product;
      },
      async stockOf({ id }) {
        const [row] = await subject.database.query.select().from(stock).where(eq(stock.productId, id));
        return { onHand: row?.onHand, reserved: row?.reserved };
      },
      published,
      async answers() {
        return (await published()).filter(
          ({ type }) => type === 'products.stock-reserved.v1' || type === 'products.stock-rejected.v1',
        );
      },
      async expectLedgerToAddUp() {
        const sums = await subject.database.query
          .select({
            onHand: sql<number>`sum(${stockLedger.onHandChange})::int`,
            reserved: sql<number>`sum(${stockLedger.reservedChange})::int`,
            version: sql<number>`count(*)::int`,
            productId: stockLedger.productId,
          })
          .from(stockLedger)
          .groupBy(stockLedger.productId);
        expect(sums).toEqual(expect.arrayContaining(await subject.database.query.select().from(stock)));
      },
    });
  });
}

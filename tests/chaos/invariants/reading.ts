/** Reads one database. Only ever given statements that read; each is one snapshot. */
export interface SqlReader {
  query(text: string): Promise<readonly Record<string, unknown>[]>;
}

/** Reads the broker. */
export interface BrokerReader {
  /** Every queue of the installation with the messages in it: retry and dead-letter queues too. */
  depths(): Promise<readonly { readonly queue: string; readonly messages: number }[]>;
}

/** Where an installation is read. */
export interface Reading {
  readonly orders: SqlReader;
  readonly products: SqlReader;
  /** Absent: what users keeps of orders is not looked at. */
  readonly users?: SqlReader;
  /** Absent: there is none, or it is not looked at. */
  readonly broker?: BrokerReader;
}

/** The databases, by the service that owns them. */
export type DatabaseName = 'orders' | 'products' | 'users';

/** What clients were told has happened. */
export interface Acknowledged {
  /** Each answer of `placeOrder` with an order; a repeated request may be named again. */
  readonly orders: readonly {
    readonly id: string;
    readonly customerId: string;
    readonly idempotencyKey: string;
  }[];
  /** Ids of orders that `cancelOrder` answered with. */
  readonly cancellations: readonly string[];
  /** Each answer of `adjustStock`. It takes no idempotency key, so its reason has to be unlike any other. */
  readonly stockChanges: readonly {
    readonly productId: string;
    readonly reason: string;
    readonly onHandChange: number;
  }[];
}

import { rowsOf, type Queryable } from '@trellis/database';
import { asc, inArray, sql } from 'drizzle-orm';
import type { StockStore } from '../application/unit-of-work.ts';
import type { StockMovement } from '../domain/stock.ts';
import { stock, stockLedger } from './schema.ts';

/** The stock within a transaction. */
export function createPostgresStockStore(tx: Queryable): StockStore {
  return {
    async lock(productIds) {
      if (productIds.length === 0) return [];
      return tx
        .select()
        .from(stock)
        .where(inArray(stock.productId, [...productIds]))
        .orderBy(asc(stock.productId))
        .for('update');
    },
    async record(movements, now) {
      if (movements.length === 0) return;
      // A stock that was read without its lock would be overwritten with what it was before somebody else's change: hence the version.
      // One statement for both tables: an order waits for it while it holds the stock that others want.
      const written = await tx.execute(sql`
        with movement as materialized (
          select * from jsonb_to_recordset(${toRows(movements)}::jsonb) as movement
            (product_id uuid, on_hand int, reserved int, version int,
             kind text, on_hand_change int, reserved_change int, reason text, order_id uuid)
        ),
        noted as (
          insert into ${stockLedger}
            (product_id, stock_version, kind, on_hand_change, reserved_change, reason, order_id, created_at)
          select product_id, version, kind, on_hand_change, reserved_change, reason, order_id, ${now.toISOString()}
          from movement
        )
        insert into ${stock} (product_id, on_hand, reserved, version)
        select product_id, on_hand, reserved, version from movement
        on conflict (product_id) do update
        set on_hand = excluded.on_hand, reserved = excluded.reserved, version = excluded.version
        where ${stock.version} = excluded.version - 1
        returning product_id`);
      if (rowsOf(written).length !== movements.length)
        throw new Error('a stock changed while it was being changed');
    },
  };
}

function toRows(movements: readonly StockMovement[]): string {
  return JSON.stringify(
    movements.map(({ change, stock: { productId, onHand, reserved, version } }) => ({
      product_id: productId,
      on_hand: onHand,
      reserved,
      version,
      kind: change.kind,
      on_hand_change: change.onHandChange,
      reserved_change: change.reservedChange,
      reason: change.reason,
      order_id: change.orderId,
    })),
  );
}

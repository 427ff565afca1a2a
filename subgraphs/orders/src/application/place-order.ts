import type { Cause } from '@trellis/event-contracts';
import { failpoint } from '@trellis/failpoints';
import { failure, readId, success, type Result } from '@trellis/validation';
import type { OrderId, ProductId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { OrderError } from '../domain/errors.ts';
import { priceOrder, type RequestedLine } from '../domain/price-order.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Catalogue, OrderStore, RequestMark } from './order-store.ts';
import { hashLines, readPlaceOrderInput, type LineInput } from './place-order-input.ts';

export interface PlaceOrderDependencies {
  readonly orders: OrderStore;
  readonly catalogue: Catalogue;
  readonly now: () => Date;
  readonly newOrderId: () => OrderId;
  readonly pendingSeconds: number;
}

/**
 * Takes an order, or answers with the one that an earlier request with the same key took, whatever became of the products since. Almost
 * every key is new, so it is looked for only where it keeps an order from being taken, or where nothing can be taken.
 */
export async function placeOrder(
  dependencies: PlaceOrderDependencies,
  viewer: Viewer,
  input: unknown,
  cause: Cause,
): Promise<Result<Order, OrderError>> {
  const { orders, catalogue, now, newOrderId, pendingSeconds } = dependencies;
  const { customerId } = viewer;

  const request = readPlaceOrderInput(input);
  if (!request.ok) return request;
  const { idempotencyKey, lines } = request.value;
  const mark = { idempotencyKey, inputHash: hashLines(lines) };

  const requested = lines.map(readLine);
  const known = await catalogue.entries(requested.flatMap(({ productId }) => productId ?? []));
  const priced = priceOrder(requested, known, {
    id: newOrderId(),
    customerId,
    now: now(),
    pendingSeconds,
  });
  if (priced.kind === 'refused') {
    return (await answerOfKey(orders, viewer, mark)) ?? failure(...priced.errors);
  }

  const inserted = await orders.transaction((tx) => tx.insert(priced.order, mark, cause));
  failpoint('orders.placed');
  if (inserted) return success(priced.order);
  // The same request came before, or at the same moment and was first.
  const first = await answerOfKey(orders, viewer, mark);
  if (first === undefined) throw new Error('an idempotency key is taken and has no order');
  return first;
}

async function answerOfKey(
  orders: OrderStore,
  { customerId }: Viewer,
  { idempotencyKey, inputHash }: RequestMark,
): Promise<Result<Order, OrderError> | undefined> {
  const known = await orders.findByKey(customerId, idempotencyKey);
  if (known === undefined) return undefined;
  if (known.inputHash === inputHash) return success(known.order);
  return failure({
    code: 'IDEMPOTENCY_CONFLICT',
    message: 'This key was used before for another order: choose a new one.',
    field: ['input', 'idempotencyKey'],
  });
}

/** An id that is no UUID is one that no product has. */
function readLine({ productId, quantity }: LineInput): RequestedLine {
  return { productId: readId<ProductId>(productId), quantity };
}

import { createEvent, type Cause, type CloudEvent } from '@trellis/event-contracts';
import type { ProductsEvent } from '../domain/products-event.ts';
import { available } from '../domain/stock.ts';

const productEventTypes = {
  ProductCreated: 'products.product-created.v1',
  ProductUpdated: 'products.product-updated.v1',
  ProductArchived: 'products.product-archived.v1',
} as const;

/** Puts what happened into the form in which it leaves the service. */
export function toCloudEvent(
  event: ProductsEvent,
  envelope: Cause & { readonly id: string; readonly time: Date },
): CloudEvent {
  switch (event.kind) {
    case 'ProductCreated':
    case 'ProductUpdated':
    case 'ProductArchived': {
      const { id: productId, version, sku, name, category, price } = event.product;
      return createEvent({
        ...envelope,
        type: productEventTypes[event.kind],
        subject: productId,
        data: { productId, version, sku, name, category, price: { ...price } },
      });
    }
    case 'StockChanged': {
      const { productId, version: stockVersion, onHand, reserved } = event.stock;
      return createEvent({
        ...envelope,
        type: 'products.stock-changed.v1',
        subject: productId,
        data: {
          productId,
          stockVersion,
          onHand,
          reserved,
          available: available(event.stock),
          reason: event.reason,
        },
      });
    }
    case 'StockReserved': {
      const { orderId } = event;
      return createEvent({
        ...envelope,
        type: 'products.stock-reserved.v1',
        subject: orderId,
        data: { orderId },
      });
    }
    case 'StockRejected': {
      const { orderId, reason, lines } = event;
      return createEvent({
        ...envelope,
        type: 'products.stock-rejected.v1',
        subject: orderId,
        data: { orderId, reason, lines: [...lines] },
      });
    }
  }
}

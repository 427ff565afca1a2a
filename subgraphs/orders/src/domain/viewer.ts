import type { CustomerId } from './ids.ts';
import type { Order } from './order.ts';

/** Who asks. */
export interface Viewer {
  readonly customerId: CustomerId;
  /** An administrator sees every order; others see their own. */
  readonly role: 'customer' | 'admin';
}

/** Whether an order is the viewer's to see. To others it does not exist. */
export function maySee(viewer: Viewer, order: Pick<Order, 'customerId'>): boolean {
  return viewer.role === 'admin' || viewer.customerId === order.customerId;
}

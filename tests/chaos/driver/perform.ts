import { randomUUID } from 'node:crypto';
import type { Answers } from './answers.ts';
import type { Action } from './schedule.ts';
import type { Answer, Customer, Shop } from './shop.ts';

export interface Performance {
  readonly shop: Shop;
  readonly customers: readonly Customer[];
  readonly products: readonly string[];
  readonly answers: Answers;
  /** How many actions are under way at once. */
  readonly concurrency: number;
  /** Called when an action begins, with its index. */
  readonly onAction: (index: number) => void;
}

/** The order of an action: whose it is, and its id. Undefined: it was refused. */
type Placed = { readonly customer: Customer; readonly id: string } | undefined;

/** Does what a schedule says, several things at once, and resolves when all of it was answered. */
export async function perform(actions: readonly Action[], performance: Performance): Promise<void> {
  const { shop, customers, products, answers, onAction } = performance;
  const placements = new Map<number, PromiseWithResolvers<Placed>>(
    actions.flatMap((action, index) => (action.kind === 'place' ? [[index, withResolvers<Placed>()]] : [])),
  );
  let next = 0;

  async function work(): Promise<void> {
    while (next < actions.length) {
      const index = next;
      next += 1;
      onAction(index);
      await act(actions[index]!, index);
    }
  }

  async function act(action: Action, index: number): Promise<void> {
    switch (action.kind) {
      case 'place': {
        const customer = customers[action.customer]!;
        const { resolve } = placements.get(index)!;
        resolve(await place(customer, action));
        return;
      }
      case 'cancel': {
        const placed = await placements.get(action.order)!.promise;
        if (placed === undefined) return;
        const answer = await shop.cancel(placed.customer, placed.id);
        if (answer.kind === 'done') answers.cancellation(placed.id);
        else expectRefusal(answer, `cancelling order ${placed.id}`, 'NOT_CANCELLABLE');
        return;
      }
      case 'adjust': {
        const productId = products[action.product]!;
        const mark = randomUUID();
        const answer = await shop.adjust(productId, action.change, (attempt) => `chaos ${mark} ${attempt}`);
        if (answer.kind === 'done')
          answers.stockChange({ productId, reason: answer.reason, onHandChange: action.change });
        else expectRefusal(answer, `changing product ${productId}`, 'INSUFFICIENT_STOCK');
      }
    }
  }

  async function place(customer: Customer, { lines }: Action & { kind: 'place' }): Promise<Placed> {
    const idempotencyKey = randomUUID();
    const wanted = lines.map(({ product, quantity }) => ({ productId: products[product]!, quantity }));
    const answer = await shop.place(customer, idempotencyKey, wanted);
    if (answer.kind === 'refused') {
      expectRefusal(answer, `placing with the key ${idempotencyKey}`);
      return undefined;
    }
    answers.order({ id: answer.id, customerId: customer.id, idempotencyKey });
    return { customer, id: answer.id };
  }

  function expectRefusal(answer: Answer & { kind: 'refused' }, what: string, ...expected: string[]): void {
    const others = answer.codes.filter((code) => !expected.includes(code));
    if (others.length > 0 || answer.codes.length === 0)
      answers.surprise(`${what} was refused: ${others.join(', ') || 'without a reason'}`);
  }

  await Promise.all(Array.from({ length: performance.concurrency }, work));
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Node has its own from version 22 on. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

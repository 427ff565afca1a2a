import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { renderAsyncApi } from './asyncapi.ts';
import { createEvent } from './cloud-event.ts';

const require = createRequire(import.meta.url);
const document = JSON.parse(renderAsyncApi()) as {
  channels: Record<string, object>;
  operations: Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { payload: object }> };
};

function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv;
}

describe('the AsyncAPI document', () => {
  it('is a valid AsyncAPI 3.0 document', () => {
    const schema = require('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
    const validate = validator().compile(schema);

    validate(document);

    expect(validate.errors).toBeNull();
  });

  it('is the one in docs/, or somebody forgot to run write-asyncapi.ts', async () => {
    const committed = await readFile(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8');

    expect(committed).toBe(renderAsyncApi());
  });

  it('refers only to what it defines', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    const dangling = [...references].filter(([, path]) => lookUp(path ?? '') === undefined);

    expect(dangling).toEqual([]);
  });

  it('says who publishes an event and who acts on it', () => {
    const about = Object.entries(document.operations)
      .filter(([, operation]) => operation.channel.$ref === '#/channels/orders.order-cancelled.v1')
      .map(([name, { action }]) => [name, action]);

    expect(about).toEqual([
      ['orders.send.OrderCancelled', 'send'],
      ['products.receive.OrderCancelled', 'receive'],
      ['users.receive.OrderCancelled', 'receive'],
    ]);
  });

  it('describes payloads that accept a real event and refuse a broken one', () => {
    const orderId = '0198f7a1-2b3c-7d4e-8f50-617283940a1b';
    const event = createEvent({
      type: 'products.stock-reserved.v1',
      id: '0198f7a1-2b3c-7d4e-8f50-617283940a1c',
      subject: orderId,
      time: new Date(0),
      data: { orderId },
    });
    const validate = validator().compile(document.components.messages['StockReserved']?.payload ?? {});

    expect(validate(event)).toBe(true);
    expect(validate({ ...event, data: { ...event.data, addedLater: true } })).toBe(true);
    expect(validate({ ...event, data: {} })).toBe(false);
    expect(validate({ ...event, type: 'products.stock-rejected.v1' })).toBe(false);
  });
});

function lookUp(path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

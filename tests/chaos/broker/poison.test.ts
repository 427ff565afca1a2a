import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { orderById, placedOrder } from '../../integration/orders/support/requests.ts';
import { stockReserved } from '../../support/events.ts';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCommerce, type Commerce } from './commerce.ts';

const megabyte = 1024 * 1024;

describeWithServices(['postgres', 'rabbitmq'], 'messages that no service can read', ({ rabbitmq }) => {
  let commerce: Commerce;
  let stranger: ChannelModel;
  let channel: ConfirmChannel;

  beforeAll(async () => {
    commerce = await startCommerce({ rabbitmq });
    stranger = await connect(rabbitmq);
    channel = await stranger.createConfirmChannel();
  });
  afterAll(async () => {
    await stranger?.close();
    await commerce?.stop();
  });

  const event = stockReserved();
  const poison: readonly (readonly [what: string, content: string, reason: string])[] = [
    ['not JSON', '<order/>', 'not JSON'],
    ['of the wrong schema', JSON.stringify({ ...event, data: { orderId: 7 } }), 'data.orderId'],
    ['of an unknown version', JSON.stringify({ ...event, type: 'products.stock-reserved.v2' }), 'v2'],
    ['huge', JSON.stringify({ ...event, subject: 'x'.repeat(16 * megabyte) }), 'more than the 1048576'],
  ];

  it('go to the dead letters, each with its reason, while orders are placed and confirmed between them', async () => {
    const customer = commerce.customer();
    const productId = await commerce.product(100);
    const queue = `${commerce.brokerPrefix}orders.stock-reserved.v1`;

    const placed: string[] = [];
    for (const [, content] of poison) {
      channel.sendToQueue(queue, Buffer.from(content), { messageId: randomUUID() });
      placed.push((await placedOrder(customer, productId)).id);
    }
    await channel.waitForConfirms();

    for (const id of placed) {
      await waitFor('the order to be confirmed', async () => {
        return (await orderById(customer, id))?.status === 'CONFIRMED';
      });
    }
    const letters = await deadLetters(`${queue}.dead-letter`, poison.length);
    for (const [what, content, reason] of poison) {
      const letter = letters.find((candidate) => candidate.content === content);
      expect({ what, reason: letter?.reason }).toEqual({ what, reason: expect.stringContaining(reason) });
    }
    expect(letters).toHaveLength(poison.length);
    const { messageCount } = await channel.checkQueue(queue);
    expect(messageCount).toBe(0);
  });

  async function deadLetters(
    queue: string,
    count: number,
  ): Promise<{ readonly content: string; readonly reason: string }[]> {
    const letters: { content: string; reason: string }[] = [];
    await waitFor(`${count} dead letters`, async () => {
      const message = await channel.get(queue, { noAck: true });
      if (message !== false) {
        const reason = String(message.properties.headers?.['trellis-reason']);
        letters.push({ content: message.content.toString(), reason });
      }
      return letters.length >= count;
    });
    return letters;
  }
});

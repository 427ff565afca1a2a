import { z } from 'zod';
import { eventEnvelope } from './cloud-event.ts';
import { eventContracts, eventTypes, type EventType } from './contracts.ts';
import { eventExchange, knownBindings, queueName } from './channels.ts';

/**
 * The events as an AsyncAPI 3.0 document (JSON text), made from the contracts: one channel and message a type, one `send`
 * operation for who publishes it and one `receive` for each that acts on it.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function renderAsyncApi(): string {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Trellis events',
      version: '1.0.0',
      description:
        'The domain events of the commerce graph: CloudEvents 1.0 in structured JSON, over the topic exchange ' +
        `\`${eventExchange}\`. Delivery is at least once and not in order; consumers de-duplicate by \`id\`. ` +
        'Made from packages/event-contracts; do not edit.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(eventTypes.map((type) => [type, channelOf(type)])),
    operations: Object.fromEntries([
      ...eventTypes.map(sendOperation),
      ...knownBindings.map(receiveOperation),
    ]),
    components: { messages: Object.fromEntries(eventTypes.map((type) => [nameOf(type), messageOf(type)])) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function nameOf(type: EventType): string {
  return eventContracts[type].name;
}

function channelOf(type: EventType): object {
  return {
    address: type,
    messages: { [nameOf(type)]: { $ref: `#/components/messages/${nameOf(type)}` } },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: eventExchange, type: 'topic', durable: true, autoDelete: false },
        bindingVersion: '0.3.0',
      },
    },
  };
}

function sendOperation(type: EventType): [string, object] {
  const publisher = type.split('.')[0];
  return [
    `${publisher}.send.${nameOf(type)}`,
    { action: 'send', ...operationOn(type), summary: `${publisher} publishes ${nameOf(type)}` },
  ];
}

function receiveOperation({ consumer, eventType }: (typeof knownBindings)[number]): [string, object] {
  const queue = queueName({ consumer, eventType });
  return [
    `${consumer}.receive.${nameOf(eventType)}`,
    {
      action: 'receive',
      ...operationOn(eventType),
      summary: `${consumer} acts on ${nameOf(eventType)}`,
      description: `From the quorum queue \`${queue}\`.`,
    },
  ];
}

function operationOn(type: EventType): object {
  const channel = `#/channels/${type}`;
  return { channel: { $ref: channel }, messages: [{ $ref: `${channel}/messages/${nameOf(type)}` }] };
}

function messageOf(type: EventType): object {
  const { name, description, data } = eventContracts[type];
  const event = eventEnvelope.extend({ type: z.literal(type), data });
  // Input, because that is what a consumer must accept: it ignores fields that a newer producer adds.
  const { $schema: _dialect, ...payload } = z.toJSONSchema(event, { target: 'draft-7', io: 'input' });
  return {
    name,
    title: name,
    summary: description,
    contentType: 'application/cloudevents+json',
    correlationId: { location: '$message.payload#/correlationid' },
    payload,
  };
}

import type { PrivateRabbitMq } from '../support/private-rabbitmq.ts';

/** How many messages lie in each queue of a node, those included that consumers have in hand. */
export async function depths(node: PrivateRabbitMq): Promise<ReadonlyMap<string, number>> {
  const printed = await node.control('list_queues', '--quiet', '--no-table-headers', 'name', 'messages');
  const rows = printed.split('\n').filter((row) => row !== '');
  return new Map(
    rows.map((row) => {
      const [name, messages] = row.split('\t');
      return [name!, Number(messages)];
    }),
  );
}

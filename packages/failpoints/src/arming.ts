import { failpoints, type FailpointName } from './failpoints.ts';

/** A failpoint at which the process is to die. */
export interface Arming {
  readonly name: FailpointName;
  /** Only passes that are about this count; absent: all of them. */
  readonly about?: string;
  /** Which pass kills, from 1. */
  readonly pass: number;
}

const form = /^(?<name>[^(=]+)(?:[(](?<about>[^)]+)[)])?=kill(?:@(?<pass>[1-9]\d*))?$/;

/**
 * Reads what is armed: `outbox.confirmed=kill@3, inbox.committed(orders.order-cancelled.v1)=kill`.
 * @throws Error for what it cannot read and for a failpoint that does not exist: armed with a mistake, a test would test nothing.
 */
export function parseArmings(text: string): readonly Arming[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map(parseArming);
}

function parseArming(item: string): Arming {
  const { name, about, pass = '1' } = form.exec(item)?.groups ?? {};
  if (name === undefined) {
    throw new Error(`FAILPOINTS: cannot read "${item}"; write <name>=kill@<pass> or <name>(<about>)=kill`);
  }
  if (!isFailpoint(name)) {
    throw new Error(
      `FAILPOINTS: there is no failpoint "${name}"; there are ${Object.keys(failpoints).join(', ')}`,
    );
  }
  return { name, ...(about === undefined ? {} : { about }), pass: Number(pass) };
}

function isFailpoint(name: string): name is FailpointName {
  return Object.hasOwn(failpoints, name);
}

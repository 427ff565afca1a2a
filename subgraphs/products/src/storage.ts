import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '@trellis/database';
import type { Cause } from '@trellis/event-contracts';
import { appendEvents } from '@trellis/outbox';
import type { ChangeContext, UnitOfWork } from './application/unit-of-work.ts';
import { toCloudEvent } from './messaging/to-cloud-event.ts';
import { createPostgresUnitOfWork } from './persistence/postgres-unit-of-work.ts';

/** Joins the stores and the outbox, so that what is written and what is told of it are one transaction. */
export interface Storage {
  readonly now: () => Date;
  unitOfWork(tx: Queryable, cause: Cause): UnitOfWork;
  /** What the use cases of one request change things through. */
  changeContext(cause: Cause): ChangeContext;
}

export function createStorage(
  database: Database,
  now: () => Date = () => new Date(),
  newId: () => string = randomUUID,
): Storage {
  const unitOfWork = (tx: Queryable, cause: Cause): UnitOfWork =>
    createPostgresUnitOfWork(tx, (events) =>
      appendEvents(
        tx,
        events.map((event) => toCloudEvent(event, { ...cause, id: newId(), time: now() })),
      ),
    );
  return {
    now,
    unitOfWork,
    changeContext: (cause) => ({
      transact: (work) =>
        database.transaction(
          (tx) => work(unitOfWork(tx, cause)),
          ({ ok }) => ok,
        ),
      now,
      newId,
    }),
  };
}

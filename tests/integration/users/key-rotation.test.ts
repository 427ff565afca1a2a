import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createRemoteKeySet, verifyToken, type KeySet } from '@trellis/auth';
import { listen, type HttpListener } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';
import express from 'express';
import { leadMs, overlapMs } from '../../../subgraphs/users/src/domain/signing-key-life.ts';
import { createPostgresSigningKeyStore } from '../../../subgraphs/users/src/persistence/postgres-signing-key-store.ts';
import { createAccessTokens } from '../../../subgraphs/users/src/tokens/access-tokens.ts';
import { createKeyCipher } from '../../../subgraphs/users/src/tokens/key-cipher.ts';
import { createKeyRing, type KeyRing } from '../../../subgraphs/users/src/tokens/key-ring.ts';
import { keySetPath, keySetRoute } from '../../../subgraphs/users/src/tokens/key-set-route.ts';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { decodeJwt } from './decode-jwt.ts';

const migrations = fileURLToPath(new URL('../../../subgraphs/users/migrations', import.meta.url));
const minute = 60_000;
const maxAgeMs = 30 * 1_440 * minute;
const kind = { type: 'at+jwt', issuer: 'http://users.test', audience: 'trellis-test' };

describeOnEveryDatabase('signing keys', migrations, (subject) => {
  let laterMs: number;
  let listeners: HttpListener[];
  const now = (): Date => new Date(Date.now() + laterMs);

  beforeEach(async () => {
    laterMs = 0;
    listeners = [];
    await subject.database.query.execute(sql`truncate signing_keys`);
  });
  afterEach(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
  });

  /** The keys as one replica has them. */
  function replica(encryptionKey = 1): Promise<KeyRing> {
    return createKeyRing({
      store: createPostgresSigningKeyStore(subject.database),
      cipher: createKeyCipher(Buffer.alloc(32, encryptionKey)),
      maxAgeMs,
      now,
    });
  }

  /** Publishes a replica's keys; gives what makes verifiers that have never asked before. */
  async function publish(keyRing: KeyRing): Promise<() => KeySet> {
    const listener = await listen(express().use(keySetRoute(keyRing)), { port: 0, host: '127.0.0.1' });
    listeners.push(listener);
    return () => createRemoteKeySet(`${listener.url}${keySetPath}`);
  }

  function issue(keyRing: KeyRing): string {
    const tokens = createAccessTokens({ keyRing, ...kind, newId: randomUUID });
    const account = {
      id: randomUUID(),
      email: 'a@b.cd',
      name: 'Ada',
      role: 'CUSTOMER',
      createdAt: now(),
    } as const;
    return tokens.issue(account, randomUUID(), now()).token;
  }

  const kidOf = (token: string): unknown => decodeJwt(token).header['kid'];
  const kidsOf = (keyRing: KeyRing): string[] => keyRing.publicKeys().map(({ kid }) => kid);

  it('change over while tokens of both keys are honoured, by verifiers old and new', async () => {
    const one = await replica();
    const two = await replica();
    const newVerifier = await publish(two);
    const verifier = newVerifier();
    const before = issue(one);
    await verifyToken(before, kind, verifier);

    laterMs = maxAgeMs;
    await one.refresh();
    await two.refresh();
    expect(kidsOf(two)).toHaveLength(2);
    const duringLead = issue(one);
    expect(kidOf(duringLead)).toBe(kidOf(before));

    laterMs += leadMs;
    const after = issue(one);
    expect(kidOf(after)).not.toBe(kidOf(before));
    expect(kidOf(issue(two))).toBe(kidOf(after));
    for (const token of [before, duringLead, after]) {
      await verifyToken(token, kind, verifier);
      await verifyToken(token, kind, newVerifier());
    }

    laterMs += overlapMs;
    await two.refresh();
    expect(kidsOf(two)).toEqual([kidOf(after)]);
    await verifyToken(issue(two), kind, verifier);
    await expect(verifyToken(before, kind, newVerifier())).rejects.toMatchObject({ reason: 'unknown kid' });
  });

  it('are made once by replicas that start at once', async () => {
    const rings = await Promise.all([replica(), replica(), replica()]);
    expect(new Set(rings.flatMap(kidsOf)).size).toBe(1);
  });

  it('are made once by replicas that find them old at once', async () => {
    const rings = await Promise.all([replica(), replica(), replica()]);
    laterMs = maxAgeMs;
    await Promise.all(rings.map((ring) => ring.refresh()));
    for (const ring of rings) await ring.refresh();
    expect(new Set(rings.flatMap(kidsOf)).size).toBe(2);
  });

  it('change over when told to, whatever their age', async () => {
    const ring = await replica();
    const before = kidOf(issue(ring));
    const { kid, activeFrom } = await ring.rotate();
    expect(kidsOf(ring)).toContain(kid);
    expect(kidOf(issue(ring))).toBe(before);
    laterMs = activeFrom.getTime() - Date.now();
    expect(kidOf(issue(ring))).toBe(kid);
  });

  it('are the same after a restart', async () => {
    expect(kidsOf(await replica())).toEqual(kidsOf(await replica()));
  });

  it('stop the start when they were stored under another encryption key', async () => {
    await replica(1);
    await expect(replica(2)).rejects.toThrow('USERS_KEY_ENCRYPTION_KEY');
  });

  it('are nowhere in the database in a form that could be used', async () => {
    await replica();
    const stored = await subject.database.query.execute(sql`select * from signing_keys`);
    expect(JSON.stringify(stored)).not.toMatch(/PRIVATE KEY|"d":/);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  anonymous,
  createIdentitySigner,
  gatewayIdentityHeader,
  generateSigningKey,
  type Identity,
} from '@trellis/auth';
import { admin, customer, describeProductsService } from './products-under-test.ts';

describeProductsService('who may do what with products', (products) => {
  describe('a caller that is not the gateway', () => {
    it.each<[string, Record<string, string>]>([
      ['nothing', {}],
      ['nonsense', { [gatewayIdentityHeader]: 'nonsense' }],
      [
        "another gateway's token",
        { [gatewayIdentityHeader]: createIdentitySigner(generateSigningKey()).sign(admin, 'products') },
      ],
    ])('is answered 401 with %s', async (_what, headers) => {
      const response = await products.post('{ categories { slug } }', headers);

      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });

    it('is answered 401 with a token for another subgraph', async () => {
      const response = await products.post(
        '{ categories { slug } }',
        products.identityHeader(admin, 'orders'),
      );
      expect(response.status).toBe(401);
    });
  });

  describe('towards callers who may not', () => {
    const calls = [
      'createProduct(input: { sku: "A", name: "A", description: "", category: "a", price: { amount: 1, currency: "USD" } })',
      'updateProduct(input: { id: "1", name: "A" })',
      'archiveProduct(id: "1")',
      'adjustStock(input: { productId: "1", change: 1, reason: "a" })',
    ];

    it.each(calls)('refuses a customer and a stranger to %s', async (call) => {
      const mutation = `mutation { ${call} { userErrors { code } } }`;
      const code = async (who: Identity) =>
        (await products.ask(mutation, {}, who)).errors?.[0]?.extensions.code;
      expect([await code(customer), await code(anonymous)]).toEqual(['FORBIDDEN', 'UNAUTHENTICATED']);
    });

    it('shows a ledger to administrators only, and the rest to everyone', async () => {
      const query = '{ products(first: 1) { nodes { name stock { available ledger { nodes { id } } } } } }';

      expect((await products.ask(query, {}, customer)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await products.ask(query, {}, admin)).errors).toBeUndefined();
      const open = await products.ask(
        '{ products { nodes { name stock { available } } } categories { slug } }',
        {},
        anonymous,
      );
      expect(open.errors).toBeUndefined();
    });
  });
});

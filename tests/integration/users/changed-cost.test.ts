import { expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { login } from '../../../subgraphs/users/src/application/login.ts';
import { register } from '../../../subgraphs/users/src/application/register.ts';
import { openServices, type OpenServices } from '../../../subgraphs/users/src/open-services.ts';
import { describeOnEveryPlace } from '../../support/databases.ts';
import { newEmail, testSettings } from './users-under-test.ts';

describeOnEveryPlace('a changed cost of password hashes', (makePlace) => {
  it('is what a hash has after its next login, however many log in at once', async () => {
    const place = await makePlace();
    const opened = (cost: number): Promise<OpenServices> =>
      openServices(
        {
          ...testSettings,
          USERS_DATABASE_URL: place.url,
          USERS_DATA_DIRECTORY: place.directory,
          USERS_BCRYPT_COST: cost,
        },
        createLogger('test', 'silent'),
      );
    const account = { email: newEmail(), password: 'correct horse battery' };
    const before = await opened(4);
    await register(before.services, { ...account, name: 'Ada' }, {});
    await before.stop();

    const { services, stop } = await opened(5);
    expect(await services.accounts.passwordHashCosts()).toEqual([4]);
    await login(services, { ...account, password: 'not her password' });
    expect(await services.accounts.passwordHashCosts()).toEqual([4]);
    const logins = await Promise.all(Array.from({ length: 8 }, () => login(services, account)));

    expect(logins.map(({ ok }) => ok)).toEqual(Array<boolean>(8).fill(true));
    expect(await services.accounts.passwordHashCosts()).toEqual([5]);
    expect(await login(services, account)).toMatchObject({ ok: true });
    await stop();
    await place.drop();
  });
});

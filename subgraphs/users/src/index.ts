export {
  demoAccounts,
  type AccountSeed,
  type AccountToOpen,
  type SeededAccount,
} from './application/seed-accounts.ts';
export { readEnvironment, serviceSettings, settingsTable, subgraphName, type UsersSettings } from './env.ts';
export { startUsersService, type UsersService, type UsersServiceOptions } from './service.ts';
export { keySetPath } from './tokens/key-set-route.ts';

export { serviceSettings, settingsTable, subgraphName, type OrdersSettings } from './env.ts';
export { startOrdersService, type OrdersService, type OrdersServiceOptions } from './service.ts';

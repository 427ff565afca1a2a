export { serviceSettings, settingsTable, subgraphName, type ProductsSettings } from './env.ts';
export { startProductsService, type ProductsService, type ProductsServiceOptions } from './service.ts';

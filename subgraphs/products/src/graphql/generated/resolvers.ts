import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ProductModel, StockModel, CategoryModel } from '../mappers.ts';
import type { GraphQLContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment in time, RFC 3339 in UTC: `2026-01-31T09:30:00.000Z`. */
  DateTime: { input: Date; output: Date; }
  /** A whole number from -(2^53 - 1) to 2^53 - 1, which JavaScript and JSON hold exactly. */
  SafeInt: { input: number; output: number; }
  _FieldSet: { input: string; output: string; }
};

/** A change of stock by hand. */
export type AdjustStockInput = {
  /** By how much what is on hand changes, -1,000,000 to 1,000,000 and not 0. */
  change: Scalars['Int']['input'];
  /** Which product. */
  productId: Scalars['ID']['input'];
  /** Why, 1 to 200 characters; it is kept in the ledger. */
  reason: Scalars['String']['input'];
};

/** A shelf of the shop. */
export type Category = {
  __typename?: 'Category';
  /** What people call it: `Home office`. */
  name: Scalars['String']['output'];
  /** How many products stand on it, archived ones left out. */
  productCount: Scalars['Int']['output'];
  /** What programs call it: `home-office`. */
  slug: Scalars['String']['output'];
};

/** What is needed to add a product. */
export type CreateProductInput = {
  /** The slug of a category: 1 to 50 of a-z, 0-9 and `-`. A new slug opens a new category. */
  category: Scalars['String']['input'];
  /** What there is to say about it, at most 5,000 characters. */
  description: Scalars['String']['input'];
  /** How many are in the warehouse, 0 to 1,000,000; null is as good as left out. */
  initialStock?: InputMaybe<Scalars['Int']['input']>;
  /** What it is called, 1 to 200 characters. */
  name: Scalars['String']['input'];
  /** What one costs. */
  price: MoneyInput;
  /** The shop's own number for it: 1 to 40 of A-Z, 0-9 and `-`. */
  sku: Scalars['String']['input'];
};

/** An amount of money. */
export type Money = {
  __typename?: 'Money';
  /** Integer minor units of the currency: 4999 is 49.99 in a currency with two decimals. */
  amount: Scalars['SafeInt']['output'];
  /** ISO 4217 code: `USD`. */
  currency: Scalars['String']['output'];
};

/** An amount of money to set. */
export type MoneyInput = {
  /** Integer minor units of the currency, 0 to 100,000,000. */
  amount: Scalars['Int']['input'];
  /** ISO 4217 code: `USD`. */
  currency: Scalars['String']['input'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Changes what is on hand, with a reason. For administrators. */
  adjustStock: ProductPayload;
  /** Takes a product out of the catalogue. Orders that have it keep it. For administrators. */
  archiveProduct: ProductPayload;
  /** Adds a product. For administrators. */
  createProduct: ProductPayload;
  /** Changes a product. For administrators. */
  updateProduct: ProductPayload;
};


export type MutationAdjustStockArgs = {
  input: AdjustStockInput;
};


export type MutationArchiveProductArgs = {
  id: Scalars['ID']['input'];
};


export type MutationCreateProductArgs = {
  input: CreateProductInput;
};


export type MutationUpdateProductArgs = {
  input: UpdateProductInput;
};

/** Where a page stands in its list (Relay Cursor Connections). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Cursor of the last item of this page. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are items after this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are items before this page. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first item of this page. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** Something for sale. */
export type Product = {
  __typename?: 'Product';
  /** Whether it left the catalogue. An archived product can be looked at and not ordered. */
  archived: Scalars['Boolean']['output'];
  /** The shelf it stands on. */
  category: Category;
  /** When it entered the catalogue. */
  createdAt: Scalars['DateTime']['output'];
  /** What there is to say about it. */
  description: Scalars['String']['output'];
  /** Identifies the product for good. */
  id: Scalars['ID']['output'];
  /** What it is called. */
  name: Scalars['String']['output'];
  /** What one costs now. What an order paid stands in the order. */
  price: Money;
  /** The shop's own number for it, unique. */
  sku: Scalars['String']['output'];
  /** How much of it there is. */
  stock: Stock;
  /** When it last changed, stock aside. */
  updatedAt: Scalars['DateTime']['output'];
};

/** One page of products. */
export type ProductConnection = {
  __typename?: 'ProductConnection';
  /** The products with their cursors. */
  edges: Array<ProductEdge>;
  /** The products alone. */
  nodes: Array<Product>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A product in a list. */
export type ProductEdge = {
  __typename?: 'ProductEdge';
  /** Names this place in the list. */
  cursor: Scalars['String']['output'];
  /** The product. */
  node: Product;
};

/** Which products to list. What is left out does not narrow the list. */
export type ProductFilter = {
  /** True: only what can be had now. False: only what cannot. */
  available?: InputMaybe<Scalars['Boolean']['input']>;
  /** The slug of a category. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Dearest, in minor units, this price included. */
  maxPrice?: InputMaybe<Scalars['Int']['input']>;
  /** Cheapest, in minor units, this price included. */
  minPrice?: InputMaybe<Scalars['Int']['input']>;
  /** Words that stand in the name, the description or the SKU; all of them, without regard to case. At most 100 characters. */
  text?: InputMaybe<Scalars['String']['input']>;
};

/** What became of a change to a product. */
export type ProductPayload = {
  __typename?: 'ProductPayload';
  /** The product as it is now; null when there are errors. */
  product: Maybe<Product>;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<UserError>;
};

/** How to order a list of products. Ties are broken by id. */
export type ProductSort =
  /** By name, from A. */
  | 'NAME'
  /** Newest first. */
  | 'NEWEST'
  /** Cheapest first. */
  | 'PRICE_ASC'
  /** Dearest first. */
  | 'PRICE_DESC';

export type Query = {
  __typename?: 'Query';
  /** The shelves of the shop, by name. */
  categories: Array<Category>;
  /** Whether quantities of products could be had now: 1 to 100 lines, each product once. */
  checkStock: StockCheckPayload;
  /** One product; null for an unknown id. Archived products are found too. */
  product: Maybe<Product>;
  /** The catalogue, archived products left out. */
  products: ProductConnection;
};


export type QueryCheckStockArgs = {
  lines: Array<StockCheckLine>;
};


export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


export type QueryProductsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  before: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<ProductFilter>;
  first: InputMaybe<Scalars['Int']['input']>;
  last: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ProductSort>;
};

/** How much of a product there is: `available = onHand - reserved`. */
export type Stock = {
  __typename?: 'Stock';
  /** Of these, still to be had. */
  available: Scalars['Int']['output'];
  /** Every change, newest first. For administrators. */
  ledger: StockLedgerConnection;
  /** In the warehouse. */
  onHand: Scalars['Int']['output'];
  /** Of these, set aside for orders. */
  reserved: Scalars['Int']['output'];
};


/** How much of a product there is: `available = onHand - reserved`. */
export type StockLedgerArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  before: InputMaybe<Scalars['String']['input']>;
  first: InputMaybe<Scalars['Int']['input']>;
  last: InputMaybe<Scalars['Int']['input']>;
};

/** Why a stock changed. */
export type StockChangeKind =
  /** Changed by an administrator. */
  | 'ADJUSTED'
  /** What a product started with. */
  | 'INITIAL'
  /** Given back by an order that ended. */
  | 'RELEASED'
  /** Set aside for an order. */
  | 'RESERVED';

/** Whether one line could be had now. */
export type StockCheck = {
  __typename?: 'StockCheck';
  /** How many can be had. */
  available: Scalars['Int']['output'];
  /** The product; null when there is none with this id. */
  product: Maybe<Product>;
  /** The id that was asked for. */
  productId: Scalars['ID']['output'];
  /** How many were asked for. */
  requested: Scalars['Int']['output'];
  /** Whether that is enough, and the product can be ordered. */
  sufficient: Scalars['Boolean']['output'];
};

/** A line of an order to check. */
export type StockCheckLine = {
  /** Which product. */
  productId: Scalars['ID']['input'];
  /** How many, 1 to 1,000. */
  quantity: Scalars['Int']['input'];
};

/** Whether all that was asked for could be had now. It is a look, not a promise: only an order reserves. */
export type StockCheckPayload = {
  __typename?: 'StockCheckPayload';
  /** One entry a line, in the order of the lines. */
  lines: Array<StockCheck>;
  /** Whether every line could be had. */
  sufficient: Scalars['Boolean']['output'];
  /** Why the check was refused; empty when it was not. */
  userErrors: Array<UserError>;
};

/** One page of a stock's changes. */
export type StockLedgerConnection = {
  __typename?: 'StockLedgerConnection';
  /** The changes with their cursors. */
  edges: Array<StockLedgerEdge>;
  /** The changes alone. */
  nodes: Array<StockLedgerEntry>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A change in a list. */
export type StockLedgerEdge = {
  __typename?: 'StockLedgerEdge';
  /** Names this place in the list. */
  cursor: Scalars['String']['output'];
  /** The change. */
  node: StockLedgerEntry;
};

/** One change of a product's stock. */
export type StockLedgerEntry = {
  __typename?: 'StockLedgerEntry';
  /** When. */
  createdAt: Scalars['DateTime']['output'];
  /** Identifies the change. */
  id: Scalars['ID']['output'];
  /** Why it changed. */
  kind: StockChangeKind;
  /** By how much what is on hand changed. */
  onHandChange: Scalars['Int']['output'];
  /** What the administrator gave as the reason, or the order it was for. */
  reason: Scalars['String']['output'];
  /** By how much what is reserved changed. */
  reservedChange: Scalars['Int']['output'];
};

/** What to change of a product; what is left out stays. */
export type UpdateProductInput = {
  /** The slug of a category: 1 to 50 of a-z, 0-9 and `-`. A new slug opens a new category. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** What there is to say about it, at most 5,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Which product. */
  id: Scalars['ID']['input'];
  /** What it is called, 1 to 200 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** What one costs. */
  price?: InputMaybe<MoneyInput>;
};

/** A failure that the caller can expect and mend. Nothing was written when there is one. */
export type UserError = {
  __typename?: 'UserError';
  /** What is wrong, for programs. */
  code: UserErrorCode;
  /** Path of the input field at fault, from the argument down; null when no one field is. */
  field: Maybe<Array<Scalars['String']['output']>>;
  /** What is wrong, for people. */
  message: Scalars['String']['output'];
};

/** Why an operation was refused. */
export type UserErrorCode =
  /** The product is archived and can no longer change. */
  | 'ARCHIVED'
  /** The change would leave less on hand than is reserved. */
  | 'INSUFFICIENT_STOCK'
  /** A value does not have the form it must have. */
  | 'INVALID'
  /** Nothing is known under this id, or it is not the caller's to see. */
  | 'NOT_FOUND'
  /** A number is outside what is allowed. */
  | 'OUT_OF_RANGE'
  /** A value is required and was missing or empty. */
  | 'REQUIRED'
  /** Another product has this SKU. */
  | 'SKU_TAKEN'
  /** A text or a list is longer than allowed. */
  | 'TOO_LONG';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AdjustStockInput: AdjustStockInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Category: ResolverTypeWrapper<CategoryModel>;
  CreateProductInput: CreateProductInput;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Product: ResolverTypeWrapper<ProductModel>;
  ProductConnection: ResolverTypeWrapper<Omit<ProductConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ProductEdge']>, nodes: Array<ResolversTypes['Product']> }>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  ProductFilter: ProductFilter;
  ProductPayload: ResolverTypeWrapper<Omit<ProductPayload, 'product'> & { product?: Maybe<ResolversTypes['Product']> }>;
  ProductSort: ProductSort;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  Stock: ResolverTypeWrapper<StockModel>;
  StockChangeKind: StockChangeKind;
  StockCheck: ResolverTypeWrapper<Omit<StockCheck, 'product'> & { product?: Maybe<ResolversTypes['Product']> }>;
  StockCheckLine: StockCheckLine;
  StockCheckPayload: ResolverTypeWrapper<Omit<StockCheckPayload, 'lines'> & { lines: Array<ResolversTypes['StockCheck']> }>;
  StockLedgerConnection: ResolverTypeWrapper<StockLedgerConnection>;
  StockLedgerEdge: ResolverTypeWrapper<StockLedgerEdge>;
  StockLedgerEntry: ResolverTypeWrapper<StockLedgerEntry>;
  UpdateProductInput: UpdateProductInput;
  UserError: ResolverTypeWrapper<UserError>;
  UserErrorCode: UserErrorCode;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AdjustStockInput: AdjustStockInput;
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Category: CategoryModel;
  CreateProductInput: CreateProductInput;
  DateTime: Scalars['DateTime']['output'];
  Money: Money;
  MoneyInput: MoneyInput;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Product: ProductModel;
  ProductConnection: Omit<ProductConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ProductEdge']>, nodes: Array<ResolversParentTypes['Product']> };
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  ProductFilter: ProductFilter;
  ProductPayload: Omit<ProductPayload, 'product'> & { product?: Maybe<ResolversParentTypes['Product']> };
  Query: Record<PropertyKey, never>;
  SafeInt: Scalars['SafeInt']['output'];
  Stock: StockModel;
  StockCheck: Omit<StockCheck, 'product'> & { product?: Maybe<ResolversParentTypes['Product']> };
  StockCheckLine: StockCheckLine;
  StockCheckPayload: Omit<StockCheckPayload, 'lines'> & { lines: Array<ResolversParentTypes['StockCheck']> };
  StockLedgerConnection: StockLedgerConnection;
  StockLedgerEdge: StockLedgerEdge;
  StockLedgerEntry: StockLedgerEntry;
  UpdateProductInput: UpdateProductInput;
  UserError: UserError;
};

export type CategoryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type MoneyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  adjustStock?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationAdjustStockArgs, 'input'>>;
  archiveProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationArchiveProductArgs, 'id'>>;
  createProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationCreateProductArgs, 'input'>>;
  updateProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationUpdateProductArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProductResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  archived?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  category?: Resolver<ResolversTypes['Category'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stock?: Resolver<ResolversTypes['Stock'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type ProductPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ProductPayload'] = ResolversParentTypes['ProductPayload']> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  categories?: Resolver<Array<ResolversTypes['Category']>, ParentType, ContextType>;
  checkStock?: Resolver<ResolversTypes['StockCheckPayload'], ParentType, ContextType, RequireFields<QueryCheckStockArgs, 'lines'>>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'id'>>;
  products?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QueryProductsArgs, 'sort'>>;
};

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export type StockResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Stock'] = ResolversParentTypes['Stock']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ledger?: Resolver<ResolversTypes['StockLedgerConnection'], ParentType, ContextType, Partial<StockLedgerArgs>>;
  onHand?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reserved?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockCheckResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StockCheck'] = ResolversParentTypes['StockCheck']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requested?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sufficient?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type StockCheckPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StockCheckPayload'] = ResolversParentTypes['StockCheckPayload']> = {
  lines?: Resolver<Array<ResolversTypes['StockCheck']>, ParentType, ContextType>;
  sufficient?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockLedgerConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StockLedgerConnection'] = ResolversParentTypes['StockLedgerConnection']> = {
  edges?: Resolver<Array<ResolversTypes['StockLedgerEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['StockLedgerEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StockLedgerEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StockLedgerEdge'] = ResolversParentTypes['StockLedgerEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StockLedgerEntry'], ParentType, ContextType>;
};

export type StockLedgerEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StockLedgerEntry'] = ResolversParentTypes['StockLedgerEntry']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['StockChangeKind'], ParentType, ContextType>;
  onHandChange?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reservedChange?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  Category?: CategoryResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  ProductPayload?: ProductPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  Stock?: StockResolvers<ContextType>;
  StockCheck?: StockCheckResolvers<ContextType>;
  StockCheckPayload?: StockCheckPayloadResolvers<ContextType>;
  StockLedgerConnection?: StockLedgerConnectionResolvers<ContextType>;
  StockLedgerEdge?: StockLedgerEdgeResolvers<ContextType>;
  StockLedgerEntry?: StockLedgerEntryResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
};


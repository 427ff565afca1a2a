import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLLeafType,
} from 'graphql';
import type { JsonValue } from '../../json.ts';
import { stringText } from './json-text.ts';
import { unfit } from './unfit.ts';

/** Writes a value of a leaf type as JSON. @throws unfit for one that the type does not have. */
export type WriteLeaf = (value: Exclude<JsonValue, null | undefined>, plain: boolean) => string;

/** Values as they usually come are written at once; what needs coercion is coerced by graphql-js, so that both ways agree on it. */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  const coerced: WriteLeaf = (value) => {
    let serialized: unknown;
    try {
      serialized = type.serialize(value);
    } catch {
      throw unfit;
    }
    const text = JSON.stringify(serialized);
    if (serialized === null || text === undefined) throw unfit;
    return text;
  };
  if (type === GraphQLString || type === GraphQLID) {
    return (value, plain) => (typeof value === 'string' ? stringText(value, plain) : coerced(value, plain));
  }
  if (type === GraphQLInt) {
    return (value, plain) =>
      typeof value === 'number' && (value | 0) === value ? String(value) : coerced(value, plain);
  }
  if (type === GraphQLFloat) {
    return (value, plain) =>
      typeof value === 'number' && Number.isFinite(value) ? String(value) : coerced(value, plain);
  }
  if (type === GraphQLBoolean) {
    return (value, plain) => (typeof value === 'boolean' ? String(value) : coerced(value, plain));
  }
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name, value }) => [value, JSON.stringify(name)]));
    return (value, plain) => texts.get(value) ?? coerced(value, plain);
  }
  return coerced;
}

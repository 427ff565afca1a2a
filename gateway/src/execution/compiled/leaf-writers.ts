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
import type { JsonBytes } from './json-bytes.ts';
import { unfit } from './unfit.ts';

/** Writes a value of a leaf type as JSON. @throws unfit for one that the type does not have. */
export type WriteLeaf = (value: Exclude<JsonValue, null | undefined>, out: JsonBytes) => void;

/** Values as they usually come are written at once; what needs coercion is coerced by graphql-js, so that both ways agree on it. */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  const coerced: WriteLeaf = (value, out) => {
    let serialized: unknown;
    try {
      serialized = type.serialize(value);
    } catch {
      throw unfit;
    }
    const text = JSON.stringify(serialized);
    if (serialized === null || text === undefined) throw unfit;
    out.text(text);
  };
  if (type === GraphQLString || type === GraphQLID) {
    return (value, out) => (typeof value === 'string' ? out.string(value) : coerced(value, out));
  }
  if (type === GraphQLInt) {
    return (value, out) =>
      typeof value === 'number' && (value | 0) === value ? out.asciiText(String(value)) : coerced(value, out);
  }
  if (type === GraphQLFloat) {
    return (value, out) =>
      typeof value === 'number' && Number.isFinite(value)
        ? out.asciiText(String(value))
        : coerced(value, out);
  }
  if (type === GraphQLBoolean) {
    return (value, out) =>
      typeof value === 'boolean' ? out.asciiText(value ? 'true' : 'false') : coerced(value, out);
  }
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name, value }) => [value, JSON.stringify(name)]));
    return (value, out) => {
      const text = texts.get(value);
      if (text === undefined) coerced(value, out);
      else out.asciiText(text);
    };
  }
  return coerced;
}

import { getIntrospectionQuery } from 'graphql';

/** An operation over the library's graph. */
export interface LibraryOperation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** Operations that between them need everything that an executor does, by what they are about. */
export const libraryOperations: Readonly<Record<string, LibraryOperation>> = {
  'one subgraph': { query: '{ people { id name nickname } }' },
  'entities of other subgraphs': { query: '{ people { name reviews { body stars about { title } } } }' },
  'three subgraphs deep': {
    query:
      '{ reviews { by { name manager { name reviews { about { author { name } } } } } about { id title } } }',
  },
  aliases: {
    query:
      '{ first: person(id: "p1") { n: name } second: person(id: "p2") { name: nickname, boss: manager { name } } }',
  },
  'an alias that hides the key of an entity': {
    query: '{ media { author { id: nickname } } reviews { by { id: moody } } }',
  },
  'an interface object whose type is asked for on a condition': {
    query:
      'query($no: Boolean!) { topMedia { id rating __typename @include(if: $no) ... on Book @skip(if: true) { isbn } } }',
    variables: { no: false },
  },
  'aliases that look like parts of an object': {
    query: '{ constructor: me { toString: name hasOwnProperty: nickname } }',
  },
  fragments: {
    query: `query { people { ...P } me { ...P ...R } }
      fragment P on Person { id name ...R } fragment R on Person { reviews { stars ...V } } fragment V on Review { body }`,
  },
  'an interface': {
    query: '{ media { __typename id title author { name } ... on Book { isbn } ... on Film { minutes } } }',
  },
  'an interface without its type': { query: '{ media { title genre } }' },
  'an interface object': { query: '{ media { title rating reviews { stars by { name } } } }' },
  'an interface object first': { query: '{ topMedia { id rating } }' },
  'an interface object that turns out to be something': {
    query: '{ topMedia { __typename id ... on Film { minutes } ... on Book { isbn cost } } }',
  },
  'an interface object in the middle': {
    query: '{ reviews { about { __typename title ... on Book { pages heavy } } } }',
  },
  'a union': {
    query:
      '{ search(text: "x") { __typename ... on Person { name reviews { stars } } ... on Medium { title } ... on Book { cost } } }',
  },
  'a union without fields of some': { query: '{ search(text: "x") { ... on Film { minutes } } }' },
  'lists of lists': { query: '{ shelves { title cost author { name } } matrix }' },
  'provided fields': { query: '{ suggested { title author { name } } }' },
  'provided fields and more': { query: '{ suggested { author { name nickname reviews { stars } } } }' },
  'required fields': { query: '{ book(id: "m1") { cost express: cost(express: true) heavy } }' },
  'required fields that are null': { query: '{ book(id: "m2") { title cost } }' },
  'required fields asked for too': { query: '{ book(id: "m1") { weight size { width } cost } }' },
  'custom scalars': {
    query: 'query($input: EchoInput!) { echo(input: $input) book(id: "m1") { details } }',
    variables: { input: { text: 'é\u0000😀', numbers: [1, 2], nested: { genre: 'DRAMA' } } },
  },
  'literals of every kind': {
    query: '{ echo(input: { text: "\\"q\\"", numbers: [], nested: { text: null }, genre: SCIENCE }) }',
  },
  'enums and defaults': {
    query:
      'query($genre: Genre = DRAMA) { media(genre: $genre) { title } all: media(genre: null) { title } }',
  },
  'a variable of null': {
    query: 'query($genre: Genre) { media(genre: $genre) { title } }',
    variables: { genre: null },
  },
  skip: {
    query:
      'query($yes: Boolean!, $no: Boolean!) { me { name @skip(if: $yes) nickname @skip(if: $no) reviews @skip(if: $yes) { stars } } }',
    variables: { yes: true, no: false },
  },
  'include of whole fetches': {
    query:
      'query($yes: Boolean!, $no: Boolean! = false) { me { name reviews @include(if: $yes) { about @include(if: $no) { title } stars } lost @include(if: $no) { id } } }',
    variables: { yes: true },
  },
  'skip and include of fragments': {
    query:
      'query($yes: Boolean!) { people { ... @include(if: $yes) { name } ...R @skip(if: $yes) } } fragment R on Person { reviews { stars } }',
    variables: { yes: true },
  },
  'constant conditions': { query: '{ me @skip(if: true) { name } version @include(if: true) }' },
  'nothing but skipped fields': { query: '{ me @skip(if: true) { name } }' },
  'an unknown entity': { query: '{ medium(id: "none") { title } person(id: "none") { name } }' },
  'a shared root field': { query: '{ version media { title } people { name } }' },
  '__typename everywhere': {
    query:
      '{ __typename t: __typename me { __typename t: __typename reviews { __typename } } suggested { author { __typename } } }',
  },
  introspection: { query: getIntrospectionQuery() },
  'introspection of one type, with data': {
    query:
      'query($name: String!) { __type(name: $name) { name fields { name } } me { name } hidden: __type(name: "_Entity") { name } }',
    variables: { name: 'Book' },
  },
  'a mutation and what follows': {
    query: 'mutation { rename(id: "p2", name: "G") { id name reviews { about { title } } } }',
  },
  'mutations in order, over two subgraphs': {
    query:
      'mutation { a: rename(id: "p1", name: "A") { name } addBook(title: "T") { title cost } b: rename(id: "p2", name: "B") { name } }',
  },
  'a mutation of another subgraph’s entities': {
    query:
      'mutation($id: ID!) { review(mediumId: $id, body: "b") { problem review { body about { title } by { name } } } }',
    variables: { id: 'm2' },
  },
  'a mutation that fails among others': {
    query:
      'mutation { a: rename(id: "p1", name: "A") { name } failToRename { name } removeAll b: rename(id: "p2", name: "B") { name } }',
  },
  'an error at the root': { query: '{ unreliable me { name } }' },
  'an error in a list': { query: '{ people { name moody } }' },
  'an error where null is not allowed': { query: '{ person(id: "p2") { name fragile } }' },
  'an error in an entity': { query: '{ reviews { stars by { name moody } } }' },
  'an error in an entity where null is not allowed': { query: '{ reviews { by { name fragile } } }' },
  'errors of several entities and fetches': {
    query: '{ people { lost { id } reviews { about { ... on Book { heavy } } } moody } }',
  },
  'an error within a list of lists': { query: '{ shelves { title heavy } }' },
};

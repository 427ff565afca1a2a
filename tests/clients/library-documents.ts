import { parse } from 'graphql';

/** What every client asks the library's gateway, and what it has to hear. */
export const query = {
  text: 'query Me { me { id name reviews { id stars } } }',
  data: {
    me: {
      id: 'p2',
      name: 'Grace',
      reviews: [
        { id: 'r1', stars: 4 },
        { id: 'r3', stars: 2 },
      ],
    },
  },
};

export const mutation = {
  text: 'mutation Rename { rename(id: "p2", name: "Amazing Grace") { id name } }',
  data: { rename: { id: 'p2', name: 'Amazing Grace' } },
};

export const subscription = {
  text: 'subscription Added { reviewAdded { id stars by { id name } } }',
  data: { reviewAdded: { id: 'r7', stars: 5, by: { id: 'p2', name: 'Grace' } } },
};

/** The same as the query, with what is of another subgraph deferred. */
export const deferred = {
  text: 'query MeLater { me { id name ... @defer(label: "reviews") { reviews { id stars } } } }',
  first: { me: { id: 'p2', name: 'Grace' } },
  data: query.data,
};

export const documentOf = ({ text }: { readonly text: string }) => parse(text);

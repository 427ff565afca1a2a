/** What Sandbox and the explorer are opened with: it needs no login and shows what the catalogue has. */
export const exampleQuery = `# The catalogue, with what can be had of each product now.
query Catalogue {
  products(first: 5, filter: { available: true }, sort: PRICE_ASC) {
    nodes {
      id
      name
      category {
        name
      }
      price {
        amount
        currency
      }
      stock {
        available
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

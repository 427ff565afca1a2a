# syntax=docker/dockerfile:1
# One image for the gateway and the subgraphs; which of them a container is, its command says:
#   node gateway/dist/main.js     node subgraphs/{users,products,orders}/dist/main.js

# What npm needs to know and nothing else, so that the layers below it are made again only when a dependency changes.
FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY . .
# What is left of a workspace is what it runs from: dist, its schema, its migrations. Failpoints are for tests (docs/decisions/0014-failpoints.md).
RUN npm run build \
  && find gateway packages subgraphs \( -name node_modules -o -name src -o -name failpoints -o -name '*.tsbuildinfo' \) -prune -exec rm -rf {} +

FROM node:24-bookworm-slim AS production-dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts \
  --workspace=gateway --workspace=subgraphs/users --workspace=subgraphs/products --workspace=subgraphs/orders

FROM node:24-bookworm-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=true
WORKDIR /app
# node_modules of the root and those that a workspace has of its own; the links in it lead to the workspaces copied below.
COPY --from=production-dependencies /app ./
COPY --from=build /app/packages packages/
COPY --from=build /app/subgraphs subgraphs/
COPY --from=build /app/gateway gateway/
COPY --from=build /app/supergraph/generated supergraph/generated/
USER node
EXPOSE 4000
CMD ["node", "gateway/dist/main.js"]

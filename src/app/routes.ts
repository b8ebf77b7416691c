import { type ComponentType, lazy } from "react";
import { prefetchBooking } from "@/features/book/prefetchBooking.ts";
import { mentorsQuery } from "@/features/mentors/queries.ts";
import { queryClient } from "@/lib/queryClient.ts";
import { matchPath, type Params } from "@/lib/router/matchPath.ts";
import { type PageName, pageTable } from "./pageTable.ts";

type PageModule = { default: ComponentType };
type Prefetch = (params: Params, search: URLSearchParams) => void;

export type AppRoute = {
  pattern: string;
  Page: ComponentType;
  load: () => Promise<PageModule>;
  /** Fetches the page's data while its code is loading. */
  prefetch?: Prefetch | undefined;
};

const modules = import.meta.glob<PageModule>("./pages/*.tsx");

const prefetches: Partial<Record<PageName, Prefetch>> = {
  Home: (_, search) => {
    const filter = { q: search.get("q") ?? "", expertise: search.get("expertise") ?? "" };
    void queryClient.prefetchInfiniteQuery(mentorsQuery(filter));
  },
  MentorProfile: ({ username }, search) => {
    if (username) void prefetchBooking(username, search);
  },
};

/** A page is a default export in src/app/pages, begins with a `PageHeading` and is its own chunk. */
export const routes: readonly AppRoute[] = pageTable.map(({ pattern, page }) => {
  const load = modules[`./pages/${page}.tsx`];
  if (!load) throw new Error(`There is no src/app/pages/${page}.tsx.`);
  return { pattern, Page: lazy(load), load, prefetch: prefetches[page] };
});

/** Starts loading the code and data of an address: called before the first render, and on hover or focus of links. */
export function preload(address: string): void {
  const { pathname, searchParams } = new URL(address, window.location.origin);
  for (const { pattern, load, prefetch } of routes) {
    const params = matchPath(pattern, pathname);
    if (!params) continue;
    // A failed preload is retried, and reported, when the page is rendered.
    load().catch(() => undefined);
    prefetch?.(params, searchParams);
    return;
  }
}

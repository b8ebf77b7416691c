import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { matchPath } from "react-router";
import { mentorQuery, mentorsQuery } from "./lib/queries.ts";
import { queryClient } from "./lib/queryClient.ts";
import { patterns } from "./paths.ts";

type Load = () => Promise<{ default: ComponentType }>;

export type AppRoute = {
  pattern: string;
  Page: LazyExoticComponent<ComponentType>;
  load: Load;
  /** Asks for the page's data while its code is still on the way. */
  prefetch?: (params: Record<string, string | undefined>, search: URLSearchParams) => void;
};

/**
 * The routes table: one line per page. A page is a default export in src/pages, begins with a `PageHeading` and is its own
 * chunk. Patterns and links come from paths.ts.
 */
export const routes: readonly AppRoute[] = [
  route(
    patterns.home,
    () => import("./pages/Home.tsx"),
    (_, search) => {
      const filter = { q: search.get("q") ?? "", expertise: search.get("expertise") ?? "" };
      void queryClient.prefetchInfiniteQuery(mentorsQuery(filter));
    },
  ),
  route(
    patterns.mentor,
    () => import("./pages/MentorProfile.tsx"),
    ({ username }) => {
      if (username) void queryClient.prefetchQuery(mentorQuery(username));
    },
  ),
  route(patterns.bookingSuccess, () => import("./pages/BookingSuccess.tsx")),
  route(patterns.signIn, () => import("./pages/SignIn.tsx")),
  route(patterns.signUp, () => import("./pages/SignUp.tsx")),
  route(patterns.sessions, () => import("./pages/Sessions.tsx")),
  route(patterns.session, () => import("./pages/Session.tsx")),
  route(patterns.manage, () => import("./pages/Manage.tsx")),
  route(patterns.mentorStart, () => import("./pages/MentorStart.tsx")),
  route(patterns.mentorWorkspace, () => import("./pages/MentorWorkspace.tsx")),
  route("*", () => import("./pages/NotFound.tsx")),
];

/** Starts loading the code and data of an address: called before the first render, and on hover or focus of links. */
export function preload(address: string): void {
  const { pathname, searchParams } = new URL(address, window.location.origin);
  for (const { pattern, load, prefetch } of routes) {
    const match = matchPath(pattern, pathname);
    if (!match) continue;
    // A failed preload is tried again, and reported, when the page is really shown.
    load().catch(() => undefined);
    prefetch?.(match.params, searchParams);
    return;
  }
}

function route(pattern: string, load: Load, prefetch?: AppRoute["prefetch"]): AppRoute {
  return { pattern, Page: lazy(load), load, ...(prefetch && { prefetch }) };
}

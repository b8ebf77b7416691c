import { lazy, type ReactNode, Suspense } from "react";
import { layout } from "#words/layout.ts";
import { LoginGuard } from "@/features/accounts/LoginGuard.tsx";
import { useMe } from "@/features/accounts/me.ts";
import { patterns } from "@/lib/paths.ts";
import { matchPath } from "@/lib/router/matchPath.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { Announcer } from "@/ui/Announcer.tsx";
import { ErrorBoundary } from "@/ui/ErrorBoundary.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { pageId } from "@/ui/useModal.ts";
import { Footer } from "./Footer.tsx";
import { Header } from "./Header.tsx";
import { LivePerson } from "./LivePerson.tsx";

// Few people load it.
const UnconfirmedNotice = lazy(() => import("@/features/accounts/codes/UnconfirmedNotice.tsx"));
const UnreachableNotice = lazy(() => import("@/features/notifications/UnreachableNotice.tsx"));

/** The frame of every page. Pages begin with a `PageHeading`. */
export function Layout({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <>
      <div id={pageId} className="flex min-h-dvh flex-col">
        <a
          href="#main"
          className="sr-only z-50 rounded-control bg-primary px-4 py-3 font-semibold text-on-primary focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
        >
          {layout.skip}
        </a>
        <Header />
        <Notices pathname={pathname} />
        {/* Keeps the footer below the window: it would jump whenever a page replaces its loading state. */}
        <main id="main" tabIndex={-1} className="min-h-[calc(100dvh-4rem)] flex-1 outline-none">
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={<PageLoading />}>{children}</Suspense>
          </ErrorBoundary>
        </main>
        <Footer />
      </div>
      <Announcer />
      <LivePerson />
      <LoginGuard />
    </>
  );
}

/** What concerns the whole account, one thing at a time. Not where people book: a session matters more. */
function Notices({ pathname }: { pathname: string }) {
  const { data: me } = useMe();
  const isBooking = matchPath(patterns.mentor, pathname) || pathname === patterns.bookingSuccess;
  if (!me || isBooking || (me.email_reachable && me.email_confirmed)) return null;
  return (
    <Suspense fallback={null}>
      {me.email_reachable ? <UnconfirmedNotice me={me} /> : <UnreachableNotice />}
    </Suspense>
  );
}

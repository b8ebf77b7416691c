import { lazy, type ReactNode, Suspense } from "react";
import { layout } from "#words/layout.ts";
import { LoginGuard } from "@/features/accounts/LoginGuard.tsx";
import { useMe } from "@/features/accounts/me.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { Announcer } from "@/ui/Announcer.tsx";
import { ErrorBoundary } from "@/ui/ErrorBoundary.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { pageId } from "@/ui/useModal.ts";
import { Footer } from "./Footer.tsx";
import { Header } from "./Header.tsx";
import { LivePerson } from "./LivePerson.tsx";

// Few people load it.
const AccountNotice = lazy(() => import("./AccountNotice.tsx"));

/** The frame of every page. Pages begin with a `PageHeading`. */
export function Layout({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const { data: me } = useMe();
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
        {me && !(me.email_reachable && me.email_confirmed) && (
          <Suspense fallback={null}>
            <AccountNotice me={me} pathname={pathname} />
          </Suspense>
        )}
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

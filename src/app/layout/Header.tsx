import { Search } from "lucide-react";
import { lazy, Suspense } from "react";
import { controls } from "#words/controls.ts";
import { brand, layout } from "#words/layout.ts";
import { links } from "#words/links.ts";
import { useMe } from "@/features/accounts/me.ts";
import { cn } from "@/lib/classNames.ts";
import { paths, patterns } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { BrandMark } from "./Brand.tsx";
import { ThemeToggle } from "./ThemeToggle.tsx";

// Visitors do not load it.
const OwnMenus = lazy(() => import("./OwnMenus.tsx"));

export function Header() {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-paper/90 backdrop-blur-md">
      <div className="page flex h-16 items-center gap-1 sm:gap-2">
        <Link
          to={paths.home()}
          className="tap -ml-1 flex items-center gap-2.5 rounded-control px-1 text-xl font-extrabold tracking-tight"
        >
          <BrandMark />
          <span className="max-[24rem]:sr-only">{brand}</span>
        </Link>
        <nav aria-label={layout.mainNavigation} className="ml-auto flex items-center gap-1 sm:gap-2">
          <Link
            to={paths.home()}
            className={cn(buttonVariants({ variant: "ghost" }), "max-sm:size-11 max-sm:p-0")}
          >
            <Search aria-hidden className="size-5" />
            <span className="max-sm:sr-only">{links.findMentor}</span>
          </Link>
          <ThemeToggle />
          <Account />
        </nav>
      </div>
    </header>
  );
}

function Account() {
  const { data: me, isPending } = useMe();
  const location = useLocation();
  const unknown = <Skeleton className="size-9 rounded-[32%]" />;
  if (isPending) return unknown;
  if (me) {
    return (
      <Suspense fallback={unknown}>
        <OwnMenus me={me} />
      </Suspense>
    );
  }
  const { signIn, secondStep, signUp } = patterns;
  const signingIn = [signIn, secondStep, signUp].some((path) => path === location.pathname);
  const next = signingIn ? undefined : location.pathname + location.search;
  return (
    <Link
      to={paths.signIn(next === paths.home() ? undefined : next)}
      className={buttonVariants({ variant: "secondary" })}
    >
      {controls.signIn}
    </Link>
  );
}

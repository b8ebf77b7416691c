import { type ReactNode, useEffect, useRef } from "react";
import { documentTitle } from "#words/layout.ts";
import { cn } from "@/lib/classNames.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { announce } from "./Announcer.tsx";

/** The path whose heading was focused last. The first page of a visit keeps the browser's own focus. */
let settledPath = window.location.pathname;

type PageHeadingProps = {
  /** For the announcement and, with the brand, for the browser's tab. */
  title: string;
  /** The visible text, if it differs from the title. */
  children?: ReactNode;
  size?: "title" | "display";
  className?: string;
};

/**
 * The `h1` of a page. Sets the document's title; after a change of route it takes the focus, scrolls to the top and is
 * announced, so that keyboards and screen readers start at the top of the new page.
 */
export function PageHeading({ title, children, size = "title", className }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = documentTitle(title);
  }, [title]);

  useEffect(() => {
    if (settledPath === pathname) return;
    settledPath = pathname;
    window.scrollTo(0, 0);
    // A menu that was opened while the page was loading keeps the focus.
    if (document.activeElement?.getAttribute("aria-expanded") !== "true") {
      heading.current?.focus({ preventScroll: true });
    }
    announce(title);
  }, [pathname, title]);

  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className={cn(size === "display" ? "text-display" : "text-title", className)}
    >
      {children ?? title}
    </h1>
  );
}

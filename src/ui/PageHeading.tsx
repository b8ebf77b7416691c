import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { cn } from "@/lib/classNames.ts";
import { announce } from "./Announcer.tsx";

/** The page whose heading had its turn. The first page of a visit keeps the browser's own focus. */
let settledPath = window.location.pathname;

type PageHeadingProps = {
  /** For the tab and the announcement; ` · MatePeak` is added. */
  title: string;
  /** The visible words where they differ from the title. */
  children?: ReactNode;
  size?: "title" | "display";
  className?: string;
};

/**
 * The `h1` of a page: sets the document's title, and after a change of route takes the focus (and the scroll position to
 * the top) and is announced, so that keyboard and screen reader start where the eyes do.
 */
export function PageHeading({ title, children, size = "title", className }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = `${title} · MatePeak`;
  }, [title]);

  useEffect(() => {
    if (settledPath === pathname) return;
    settledPath = pathname;
    window.scrollTo(0, 0);
    // Who has opened a menu while the page was on its way keeps it.
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

import type { ReactNode } from "react";
import { Link } from "@/lib/router/router.tsx";

type OfferLinkProps = { to: string; title: string; children: ReactNode };

/** On a mentor's public page: something that has a page of its own, with its facts below its title. */
export function OfferLink({ to, title, children }: OfferLinkProps) {
  return (
    <Link
      to={to}
      className="tap block rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary hover:bg-primary-soft"
    >
      <span className="block font-semibold wrap-anywhere">{title}</span>
      <span className="block text-sm text-ink-soft tabular-nums">{children}</span>
    </Link>
  );
}

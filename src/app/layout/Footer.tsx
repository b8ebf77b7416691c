import { Link } from "react-router";
import { paths } from "@/lib/paths.ts";
import { BrandMark } from "./Brand.tsx";

const link =
  "tap inline-flex min-w-11 items-center font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent";

export function Footer() {
  return (
    <footer className="mt-20 border-t border-line bg-sunken">
      <div className="page flex flex-wrap items-center gap-x-6 gap-y-3 py-8 text-sm">
        <BrandMark className="size-7" />
        <p className="mr-auto min-w-0 text-ink-soft">
          One slot, one booking. The right hour for both of you.
        </p>
        <nav aria-label="Footer" className="flex flex-wrap gap-x-6">
          <Link to={paths.home()} className={link}>
            Find a mentor
          </Link>
          <Link to={paths.mentorWorkspace()} className={link}>
            Become a mentor
          </Link>
          <a href="/api/docs" className={link}>
            API
          </a>
        </nav>
      </div>
    </footer>
  );
}

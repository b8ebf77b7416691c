import { layout } from "#words/layout.ts";
import { links } from "#words/links.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { BrandMark } from "./Brand.tsx";

const link =
  "tap inline-flex min-w-11 items-center font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent";

export function Footer() {
  return (
    <footer className="mt-20 border-t border-line bg-sunken">
      <div className="page flex flex-wrap items-center gap-x-6 gap-y-3 py-8 text-sm">
        <BrandMark className="size-7" />
        <p className="mr-auto min-w-0 text-ink-soft">{layout.tagline}</p>
        <nav aria-label={layout.footerNavigation} className="flex flex-wrap gap-x-6">
          <Link to={paths.home()} className={link}>
            {links.findMentor}
          </Link>
          <Link to={paths.mentorWorkspace()} className={link}>
            {layout.becomeMentor}
          </Link>
          <a href="/api/docs" className={link}>
            {layout.api}
          </a>
        </nav>
      </div>
    </footer>
  );
}

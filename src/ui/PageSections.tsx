import { layout } from "#words/layout.ts";
import { cn } from "@/lib/classNames.ts";
import { buttonVariants } from "./Button.tsx";

export type PageSection = {
  id: string;
  title: string;
  /** Number of items; true for a section without items to count. */
  count: number | boolean;
};

/** Links to the sections of a long page that have content; none for fewer than three. */
export function PageSections({ sections }: { sections: readonly PageSection[] }) {
  const shown = sections.filter(({ count }) => Boolean(count));
  if (shown.length < 3) return null;
  return (
    <nav aria-label={layout.onThisPage}>
      <ul className="flex flex-wrap gap-2">
        {shown.map(({ id, title, count }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className={cn(buttonVariants({ variant: "secondary", size: "sm" }), "rounded-full")}
            >
              {title}
              {count !== true && <span className="text-ink-soft tabular-nums">{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

import { cn } from "@/lib/classNames.ts";
import { buttonVariants } from "./Button.tsx";

export type PageSection = {
  id: string;
  title: string;
  /** How many things there are; true for a section that is one thing. */
  count: number | boolean;
};

/** Ways down a long page: one for each section that has something. Not worth it for two. */
export function PageSections({ sections }: { sections: readonly PageSection[] }) {
  const shown = sections.filter(({ count }) => Boolean(count));
  if (shown.length < 3) return null;
  return (
    <nav aria-label="On this page">
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

import { accountSections } from "#words/accountPage.ts";
import { layout } from "#words/layout.ts";
import { cn } from "@/lib/classNames.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import type { AccountSectionId } from "./AccountSection.tsx";

/** Links to the sections: above them on a phone, beside them on wider screens. */
export function AccountNav({ ids }: { ids: readonly AccountSectionId[] }) {
  return (
    <nav aria-label={layout.onThisPage} className="lg:sticky lg:top-24 lg:self-start">
      <ul className="flex flex-wrap gap-2 lg:flex-col lg:gap-1">
        {ids.map((id) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className={cn(
                buttonVariants({ variant: "secondary", size: "sm" }),
                "rounded-full lg:w-full lg:justify-start lg:rounded-control lg:border-transparent lg:bg-transparent lg:text-left",
              )}
            >
              {accountSections[id]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

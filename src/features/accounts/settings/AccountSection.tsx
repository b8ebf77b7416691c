import { type ReactNode, useEffect, useRef } from "react";
import { accountSections } from "#words/accountPage.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { Card } from "@/ui/Card.tsx";

export type AccountSectionId = keyof typeof accountSections;

type AccountSectionProps = {
  id: AccountSectionId;
  /** What it is for, in one line. */
  lead?: ReactNode;
  children: ReactNode;
};

/** The frame of a section of the account page, and where a link with its id leads. */
export function AccountSection({ id, lead, children }: AccountSectionProps) {
  const { hash } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  // The browser looked for it before it was rendered.
  useEffect(() => {
    if (hash !== `#${id}`) return;
    heading.current?.scrollIntoView();
    heading.current?.focus({ preventScroll: true });
  }, [hash, id]);
  return (
    <Card className="overflow-clip">
      <section aria-labelledby={id} className="space-y-5 p-4 sm:p-6">
        <div>
          <h2 ref={heading} id={id} tabIndex={-1} className="scroll-mt-24 text-heading">
            {accountSections[id]}
          </h2>
          {lead && <p className="mt-1 text-ink-soft">{lead}</p>}
        </div>
        {children}
      </section>
    </Card>
  );
}

import type { ReactNode } from "react";
import { accountSections } from "#words/accountPage.ts";
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
  return (
    <Card className="overflow-clip">
      <section aria-labelledby={id} className="space-y-5 p-4 sm:p-6">
        <div>
          <h2 id={id} tabIndex={-1} className="scroll-mt-24 text-heading">
            {accountSections[id]}
          </h2>
          {lead && <p className="mt-1 text-ink-soft">{lead}</p>}
        </div>
        {children}
      </section>
    </Card>
  );
}

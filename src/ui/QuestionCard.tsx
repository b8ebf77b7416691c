import type { LucideIcon } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Card } from "./Card.tsx";

type QuestionCardProps = {
  Icon: LucideIcon;
  title: string;
  /** What it is about, and below it how it can be answered. */
  children: ReactNode;
  /** The dialogs of its answers. */
  dialogs?: ReactNode;
};

/** Asks a person about something that has happened; it stays until it is answered. */
export function QuestionCard({ Icon, title, children, dialogs }: QuestionCardProps) {
  const id = useId();
  return (
    <Card className="border-accent p-4 sm:p-5">
      <section aria-labelledby={id} className="space-y-3">
        <h2 id={id} className="flex items-start gap-2 text-heading">
          <Icon aria-hidden className="mt-1 size-5 shrink-0" />
          {title}
        </h2>
        {children}
      </section>
      {dialogs}
    </Card>
  );
}

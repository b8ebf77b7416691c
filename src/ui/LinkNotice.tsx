import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Card } from "./Card.tsx";
import { PageHeading } from "./PageHeading.tsx";

type LinkNoticeProps = {
  Icon: LucideIcon;
  title: string;
  /** It replaces what was there, with the focus. */
  isNews?: boolean;
  children: ReactNode;
};

/** The page of a link in a mail: one question, or what has become of it. */
export function LinkNotice({ Icon, title, isNews = false, children }: LinkNoticeProps) {
  const content = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone.
  useEffect(() => {
    if (isNews && document.activeElement === document.body) content.current?.querySelector("h1")?.focus();
  }, [isNews]);
  return (
    <div ref={content} className="page max-w-xl py-12 sm:py-16">
      <Card className="flex flex-col items-center gap-5 px-5 py-10 text-center sm:px-10">
        <span className="grid size-14 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
          <Icon aria-hidden className="size-7" />
        </span>
        <PageHeading title={title} />
        {children}
      </Card>
    </div>
  );
}

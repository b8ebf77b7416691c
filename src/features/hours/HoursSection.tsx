import type { ReactNode, Ref } from "react";

type HoursSectionProps = {
  id: string;
  title: string;
  lead: ReactNode;
  headingRef?: Ref<HTMLHeadingElement>;
  children: ReactNode;
};

/** A section of the hours page. */
export function HoursSection({ id, title, lead, headingRef, children }: HoursSectionProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={headingRef} tabIndex={-1} className="text-heading">
        {title}
      </h2>
      <p className="mt-0.5 mb-3 text-ink-soft">{lead}</p>
      {children}
    </section>
  );
}

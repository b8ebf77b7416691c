import type { Ref } from "react";

type SectionHeadingProps = {
  id: string;
  title: string;
  /** Shown beside the title unless it is zero. */
  count?: number;
  ref?: Ref<HTMLHeadingElement>;
};

/** The heading of a list with its number of items; a link target that can take the focus. */
export function SectionHeading({ id, title, count = 0, ref }: SectionHeadingProps) {
  return (
    <h2 id={id} ref={ref} tabIndex={-1} className="mb-1 flex scroll-mt-24 items-center gap-2.5 text-heading">
      {title}
      {count > 0 && (
        <span className="rounded-full bg-sunken px-2.5 py-0.5 text-sm font-semibold tracking-normal text-ink-soft tabular-nums">
          {count}
        </span>
      )}
    </h2>
  );
}

import { type ReactNode, useEffect, useRef } from "react";

/** Takes the focus when its step appears: the button that led here is gone. */
export function StepHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h3 ref={heading} tabIndex={-1} className="mb-4 text-heading outline-none">
      {children}
    </h3>
  );
}

import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "@/lib/router/router.tsx";

/**
 * A button that shows a panel with links below it. Escape, leaving the panel and navigation close it. Not an ARIA menu: Tab
 * should move through links, and a menu library costs 19 kB of the booking route's budget.
 */
export function useDisclosure() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const location = useLocation();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the panel.
  useEffect(() => setOpen(false), [location.key]);

  return {
    open,
    close: () => setOpen(false),
    panelId,
    /** Props of the element around both. */
    frame: {
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        setOpen(false);
        button.current?.focus();
      },
      onBlur: (event: FocusEvent) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      },
    },
    button: {
      ref: button,
      type: "button",
      "aria-expanded": open,
      "aria-controls": panelId,
      onClick: () => setOpen(!open),
    },
  } as const;
}

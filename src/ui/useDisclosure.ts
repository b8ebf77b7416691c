import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";

/**
 * A button that shows a panel with links below it: closed by Escape, by leaving it and by going somewhere. Not an ARIA
 * menu: people expect Tab to walk through links, and it needs no menu library (19 kB of the booking route's budget).
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
    /** For what stands around both. */
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

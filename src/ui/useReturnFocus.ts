import { useState } from "react";

/**
 * For a dialog that is mounted when it opens: returns the focus to the element that opened it, or calls `instead` if that
 * may be gone. Radix handles only its own `Trigger`.
 */
export function useReturnFocus(): (event: Event, instead?: () => void) => void {
  const [opener] = useState(() => document.activeElement);
  return (event, instead) => {
    event.preventDefault();
    if (instead) instead();
    else if (opener instanceof HTMLElement) opener.focus();
  };
}

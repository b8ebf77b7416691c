import { useState } from "react";

/**
 * For a dialog that is mounted when it opens: gives the focus back to what opened it, or to something else once what
 * opened it may be gone. Radix itself only knows the openers that are its own `Trigger`.
 */
export function useReturnFocus(): (event: Event, instead?: () => void) => void {
  const [opener] = useState(() => document.activeElement);
  return (event, instead) => {
    event.preventDefault();
    if (instead) instead();
    else if (opener instanceof HTMLElement) opener.focus();
  };
}

import { useEffect, useState } from "react";

/**
 * Height of what a person really sees, as a CSS length. iOS lays the keyboard over the page without resizing it, so that
 * `100dvh` would hide a sticky footer behind the keyboard.
 */
export function useVisibleHeight(active: boolean): string {
  const [height, setHeight] = useState("100dvh");
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!active || !viewport) return;
    const update = () => {
      // While somebody pinch-zooms, the visible part is smaller on purpose.
      const keyboardOpen = viewport.scale < 1.05 && viewport.height < window.innerHeight - 80;
      setHeight(keyboardOpen ? `${Math.round(viewport.height)}px` : "100dvh");
    };
    update();
    viewport.addEventListener("resize", update);
    return () => viewport.removeEventListener("resize", update);
  }, [active]);
  return height;
}

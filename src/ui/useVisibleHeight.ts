import { useEffect, useState } from "react";

/**
 * The visible height as a CSS length. iOS lays the keyboard over the page without resizing it, so `100dvh` would hide a
 * sticky footer behind the keyboard.
 */
export function useVisibleHeight(): string {
  const [height, setHeight] = useState("100dvh");
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const update = () => {
      // Pinch zoom makes the visible part smaller on purpose.
      const keyboardOpen = viewport.scale < 1.05 && viewport.height < window.innerHeight - 80;
      setHeight(keyboardOpen ? `${Math.round(viewport.height)}px` : "100dvh");
    };
    update();
    viewport.addEventListener("resize", update);
    return () => viewport.removeEventListener("resize", update);
  }, []);
  return height;
}

import { useEffect, useRef } from "react";

/** The names that the API gives its events. */
const names = ["availability", "change"] as const;
const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Follows a stream of the API while somebody looks: a hidden tab takes no connection from the others. After every gap
 * `onChange` is called once with null, as something may have been missed.
 * @param path null: there is nothing to follow
 */
export function useEventStream(path: string | null, onChange: (data: string | null) => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });

  useEffect(() => {
    if (path === null) return;
    let source: EventSource | undefined;
    let pause: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let wasOpen = false;

    const close = () => {
      clearTimeout(pause);
      source?.close();
      source = undefined;
    };
    const open = () => {
      if (source || document.hidden) return;
      const opened = new EventSource(path);
      source = opened;
      for (const name of names) {
        opened.addEventListener(name, ({ data }: MessageEvent<string>) => latest.current(data));
      }
      opened.onopen = () => {
        failures = 0;
        if (wasOpen) latest.current(null);
        wasOpen = true;
      };
      opened.onerror = () => {
        // After an answer that is no stream the browser gives up; after a broken one it tries again by itself.
        if (opened.readyState !== EventSource.CLOSED) return;
        close();
        pause = setTimeout(open, Math.min(SHORTEST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS));
      };
    };
    const followSight = () => (document.hidden ? close() : open());
    open();
    document.addEventListener("visibilitychange", followSight);
    return () => {
      document.removeEventListener("visibilitychange", followSight);
      close();
    };
  }, [path]);
}

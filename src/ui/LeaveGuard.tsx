import { useEffect, useRef, useState } from "react";
import { unsaved } from "#words/forms.ts";
import { navigate } from "@/lib/router/location.ts";
import { useHasUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";

/**
 * Asks before a page with unsaved changes is left: by closing the tab (the browser's own question), by a link, and, in
 * browsers with the Navigation API, by Back and Forward.
 */
export function LeaveGuard() {
  const hasUnsaved = useHasUnsavedChanges();
  const [leave, setLeave] = useState<(() => void) | null>(null);
  /** While the page is leaving, the form is still mounted and must not ask again. */
  const isLeaving = useRef(false);

  useEffect(() => {
    if (!hasUnsaved) isLeaving.current = false;
    if (!hasUnsaved || leave) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const target = linkTarget(event);
      if (!target || isLeaving.current) return;
      event.preventDefault();
      event.stopPropagation();
      setLeave(() => () => navigate(target));
    };
    const onNavigate = (event: NavigateEvent) => {
      const { navigationType, cancelable, destination } = event;
      if (isLeaving.current || navigationType !== "traverse" || !cancelable || !destination.sameDocument)
        return;
      event.preventDefault();
      setLeave(() => () => traverseTo(destination.key));
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    const navigation = "navigation" in window ? window.navigation : null;
    navigation?.addEventListener("navigate", onNavigate);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
      navigation?.removeEventListener("navigate", onNavigate);
    };
  }, [hasUnsaved, leave]);

  if (!leave) return null;
  return (
    <ConfirmDialog
      title={unsaved.leaveTitle}
      keepLabel={unsaved.stay}
      confirmLabel={unsaved.leave}
      onClose={() => setLeave(null)}
      onConfirm={() => {
        isLeaving.current = true;
        leave();
      }}
    >
      <p>{unsaved.leaveDetail}</p>
    </ConfirmDialog>
  );
}

/** Its promises reject if the page is gone by then, or if another navigation came first. */
function traverseTo(key: string): void {
  const { committed, finished } = window.navigation.traverseTo(key);
  for (const promise of [committed, finished]) promise?.catch(() => undefined);
}

/** The page of this app that a click navigates to, or null. */
function linkTarget(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin)
    return null;
  if (link.pathname === window.location.pathname || link.pathname.startsWith("/api/")) return null;
  return link.pathname + link.search + link.hash;
}

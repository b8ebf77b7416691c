import { lazy, Suspense, useEffect, useId, useRef, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import type { Me } from "#contract/accounts.ts";
import { onAnotherUser } from "@/lib/api.ts";
import { type SomebodyElse, tabPerson } from "@/lib/tabPerson.ts";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { useCheckLogin } from "./me.ts";
import { listenToTabs } from "./signInNews.ts";

/** Rarely needed. */
const OtherPerson = lazy(() => import("./OtherPerson.tsx"));

/**
 * Covers the page while another person is signed in than the one it belongs to. The page stays as it was behind the
 * cover, unseen, and sends nothing.
 */
export function LoginGuard() {
  const somebodyElse = useSyncExternalStore(tabPerson.subscribe, tabPerson.somebodyElse);
  const check = useCheckLogin();
  useEffect(() => {
    const look = () => {
      if (!document.hidden) check();
    };
    onAnotherUser(check);
    const stopListening = listenToTabs(({ userId }) =>
      userId === null ? tabPerson.signedOutElsewhere() : check(),
    );
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pageshow", look);
    return () => {
      stopListening();
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("pageshow", look);
    };
  }, [check]);
  const owner = tabPerson.owner();
  if (!somebodyElse || !owner) return null;
  return createPortal(<Cover owner={owner} somebodyElse={somebodyElse} />, document.body);
}

function Cover({ owner, somebodyElse }: { owner: Me; somebodyElse: SomebodyElse }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
    document.documentElement.dataset.covered = "yes";
    return () => {
      delete document.documentElement.dataset.covered;
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => event.preventDefault()}
      // Escape must not close a dialog below.
      onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
      className="m-auto w-full max-w-md space-y-5 rounded-card border border-line bg-surface p-6 text-ink shadow-lift backdrop:bg-paper"
    >
      <Suspense fallback={<PartLoading />}>
        <OtherPerson titleId={titleId} owner={owner} somebodyElse={somebodyElse} />
      </Suspense>
    </dialog>
  );
}

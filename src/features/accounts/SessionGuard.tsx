import { UserRoundX } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import type { Me } from "#contract/accounts.ts";
import { onAnotherUser } from "@/lib/api.ts";
import { clearDrafts } from "@/lib/drafts.ts";
import { type SomebodyElse, tabPerson } from "@/lib/tabPerson.ts";
import { firstName } from "@/lib/words.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { useAction } from "@/ui/useAction.ts";
import { useCheckSession, useSession } from "./me.ts";
import { PasswordInput } from "./PasswordInput.tsx";
import { hearTabs } from "./signInNews.ts";

/**
 * Covers the page while somebody else is signed in than the person whose page it is. Everything stays as it was behind
 * the cover, for that person; nobody else sees it, and nothing of it is sent.
 */
export function SessionGuard() {
  const somebodyElse = useSyncExternalStore(tabPerson.subscribe, tabPerson.somebodyElse);
  const check = useCheckSession();
  useEffect(() => {
    const look = () => {
      if (!document.hidden) check();
    };
    onAnotherUser(check);
    const stopHearing = hearTabs(({ userId }) =>
      userId === null ? tabPerson.signedOutElsewhere() : check(),
    );
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pageshow", look);
    return () => {
      stopHearing();
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("pageshow", look);
    };
  }, [check]);
  const owner = tabPerson.owner();
  if (!somebodyElse || !owner) return null;
  return createPortal(<Cover owner={owner} somebodyElse={somebodyElse} />, document.body);
}

function Cover({ owner, somebodyElse: { me } }: { owner: Me; somebodyElse: SomebodyElse }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    document.documentElement.dataset.covered = "yes";
    return () => {
      delete document.documentElement.dataset.covered;
    };
  }, []);
  const goForward = () => {
    // Whoever signed out leaves nothing behind; whoever was replaced finds their drafts again.
    if (!me) clearDrafts();
    window.location.reload();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="cover-title"
      onCancel={(event) => event.preventDefault()}
      // A dialog below would take a press here for one outside of itself, and close.
      onPointerDown={(event) => event.stopPropagation()}
      className="pointer-events-auto m-auto w-full max-w-md space-y-5 rounded-card border border-line bg-surface p-6 text-ink shadow-lift backdrop:bg-paper"
    >
      <UserRoundX aria-hidden className="size-8 text-primary" />
      <h2 id="cover-title" className="text-xl font-bold">
        {me ? (
          <>
            <bdi>{me.name}</bdi> is signed in now
          </>
        ) : (
          "You signed out in another tab"
        )}
      </h2>
      <p className="text-ink-soft">
        This page belongs to <bdi>{owner.name}</bdi>, who can sign in again and go on. Nothing typed here is
        lost.
      </p>
      <SignInAgain owner={owner} />
      <Button variant="secondary" onClick={goForward} className="w-full">
        {me ? (
          <span>
            Continue as <bdi>{firstName(me.name)}</bdi>
          </span>
        ) : (
          "Continue without signing in"
        )}
      </Button>
    </dialog>
  );
}

function SignInAgain({ owner }: { owner: Me }) {
  const { signIn } = useSession();
  const [password, setPassword] = useState("");
  const submit = useAction(() => signIn({ email: owner.email, password }), { inPlace: true });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run();
      }}
      className="space-y-4"
    >
      <input type="hidden" autoComplete="username" value={owner.email} readOnly />
      <Field
        label={<span className="break-all">Password of {owner.email}</span>}
        error={submit.problem?.detail}
      >
        {(control) => (
          <PasswordInput
            {...control}
            value={password}
            onChange={({ target }) => setPassword(target.value)}
            autoComplete="current-password"
          />
        )}
      </Field>
      <Button type="submit" pending={submit.isPending} className="w-full">
        <span>
          Sign in as <bdi>{firstName(owner.name)}</bdi>
        </span>
      </Button>
    </form>
  );
}

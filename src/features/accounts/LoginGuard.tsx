import { UserRoundX } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import type { Me } from "#contract/accounts.ts";
import { otherPerson } from "#words/accounts.ts";
import { onAnotherUser } from "@/lib/api.ts";
import { clearDrafts } from "@/lib/drafts.ts";
import { firstName } from "@/lib/names.ts";
import { type SomebodyElse, tabPerson } from "@/lib/tabPerson.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { useAction } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { useCheckLogin, useLogin } from "./me.ts";
import { PasswordInput } from "./PasswordInput.tsx";
import { listenToTabs } from "./signInNews.ts";

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
    // Signing out deletes drafts; a person who was replaced finds theirs again.
    if (!me) clearDrafts();
    window.location.reload();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="cover-title"
      onCancel={(event) => event.preventDefault()}
      // A dialog below would treat a press here as one outside of it, and close.
      onPointerDown={(event) => event.stopPropagation()}
      className="pointer-events-auto m-auto w-full max-w-md space-y-5 rounded-card border border-line bg-surface p-6 text-ink shadow-lift backdrop:bg-paper"
    >
      <UserRoundX aria-hidden className="size-8 text-primary" />
      <h2 id="cover-title" className="text-xl font-bold">
        {me ? withElements(otherPerson.signedIn, { name: <bdi>{me.name}</bdi> }) : otherPerson.signedOut}
      </h2>
      <p className="text-ink-soft">{withElements(otherPerson.detail, { owner: <bdi>{owner.name}</bdi> })}</p>
      <SignInAgain owner={owner} />
      <Button variant="secondary" onClick={goForward} className="w-full">
        {me ? (
          <span>{withElements(otherPerson.continueAs, { name: <bdi>{firstName(me.name)}</bdi> })}</span>
        ) : (
          otherPerson.continueSignedOut
        )}
      </Button>
    </dialog>
  );
}

function SignInAgain({ owner }: { owner: Me }) {
  const { signIn } = useLogin();
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
        label={<span className="break-all">{otherPerson.password(owner.email)}</span>}
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
        <span>{withElements(otherPerson.signInAs, { name: <bdi>{firstName(owner.name)}</bdi> })}</span>
      </Button>
    </form>
  );
}

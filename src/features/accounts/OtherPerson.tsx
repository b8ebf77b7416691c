import { UserRoundX } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { otherPerson } from "#words/accounts.ts";
import { clearDrafts } from "@/lib/drafts.ts";
import { firstName } from "@/lib/names.ts";
import type { SomebodyElse } from "@/lib/tabPerson.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { useAction } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { PasswordInput } from "./PasswordInput.tsx";
import { useLogin } from "./useLogin.ts";

const SecondStepForm = lazy(() => import("./SecondStepForm.tsx"));

type OtherPersonProps = { titleId: string; owner: Me; somebodyElse: SomebodyElse };

/** What `LoginGuard` covers the page with: who is signed in now, and a way back for the person whom the page belongs to. */
export default function OtherPerson({ titleId, owner, somebodyElse: { me } }: OtherPersonProps) {
  const goForward = () => {
    // Signing out deletes drafts; a person who was replaced finds theirs again.
    if (!me) clearDrafts();
    window.location.reload();
  };
  return (
    <>
      <UserRoundX aria-hidden className="size-8 text-primary" />
      <h2 id={titleId} className="text-xl font-bold">
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
    </>
  );
}

function SignInAgain({ owner }: { owner: Me }) {
  const { signIn } = useLogin();
  const [password, setPassword] = useState("");
  const [needsSecondStep, setNeedsSecondStep] = useState(false);
  const submit = useAction(
    async () => setNeedsSecondStep((await signIn({ email: owner.email, password })) === "second step"),
    { inPlace: true },
  );
  if (needsSecondStep)
    return (
      <Suspense fallback={<PartLoading />}>
        <SecondStepForm />
      </Suspense>
    );
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
            // The field would have the focus, had it been there when the cover opened.
            autoFocus
          />
        )}
      </Field>
      <Button type="submit" pending={submit.isPending} className="w-full">
        <span>{withElements(otherPerson.signInAs, { name: <bdi>{firstName(owner.name)}</bdi> })}</span>
      </Button>
    </form>
  );
}

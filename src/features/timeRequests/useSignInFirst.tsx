import type { ReactNode } from "react";
import { signInRequired } from "#words/accounts.ts";
import { controls } from "#words/controls.ts";
import { signInFirst } from "#words/timeRequests.ts";
import { useMe } from "@/features/accounts/me.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { AsideFooter } from "@/ui/AsideFooter.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";

/** What a visitor sees in place of a form that needs an account; null for a person who is signed in. */
export function useSignInFirst(title: string, onBack: () => void): ReactNode {
  const { data: me, isPending } = useMe();
  const location = useLocation();
  const here = location.pathname + location.search;
  if (isPending) return <PartLoading />;
  if (me !== null) return null;
  return (
    <>
      <DialogBody>
        <StepHeading>{title}</StepHeading>
        <p className="text-ink-soft">{signInFirst}</p>
      </DialogBody>
      <AsideFooter onBack={onBack}>
        <Link to={paths.signUp(here)} replace className={buttonVariants({ variant: "secondary" })}>
          {signInRequired.createAccount}
        </Link>
        <Link to={paths.signIn(here)} replace className={buttonVariants()}>
          {controls.signIn}
        </Link>
      </AsideFooter>
    </>
  );
}

import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useMe } from "@/features/accounts/me.ts";
import { paths } from "@/lib/paths.ts";
import { AsideFooter } from "@/ui/AsideFooter.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";

/** What a visitor sees instead of something that needs an account; null once it is known that somebody is signed in. */
export function useSignInFirst(toDoWhat: string, onBack: () => void): ReactNode {
  const { data: me, isPending } = useMe();
  const location = useLocation();
  const here = location.pathname + location.search;
  if (isPending) return <PartLoading />;
  if (me !== null) return null;
  return (
    <>
      <DialogBody>
        <StepHeading>Please sign in to {toDoWhat}</StepHeading>
        <p className="text-ink-soft">The answer has to find you. We will bring you straight back.</p>
      </DialogBody>
      <AsideFooter onBack={onBack}>
        <Link to={paths.signUp(here)} replace className={buttonVariants({ variant: "secondary" })}>
          Create an account
        </Link>
        <Link to={paths.signIn(here)} replace className={buttonVariants()}>
          Sign in
        </Link>
      </AsideFooter>
    </>
  );
}

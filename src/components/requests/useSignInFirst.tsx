import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { StepHeading } from "@/components/booking/StepHeading";
import { buttonVariants } from "@/components/ui/Button";
import { DialogBody } from "@/components/ui/Dialog";
import { useMe } from "@/lib/session";
import { paths } from "@/paths";
import { AsideFooter } from "./AsideFooter";

/** What a visitor sees instead of something that needs an account; null for somebody who is signed in. */
export function useSignInFirst(toDoWhat: string, onBack: () => void): ReactNode {
  const { data: me } = useMe();
  const location = useLocation();
  const here = location.pathname + location.search;
  if (me !== null) return null;
  return (
    <>
      <DialogBody>
        <StepHeading>Please sign in to {toDoWhat}</StepHeading>
        <p className="text-ink-soft">The answer has to find you. We will bring you straight back.</p>
      </DialogBody>
      <AsideFooter onBack={onBack}>
        <Link to={paths.signUp(here)} className={buttonVariants({ variant: "secondary" })}>
          Create an account
        </Link>
        <Link to={paths.signIn(here)} className={buttonVariants()}>
          Sign in
        </Link>
      </AsideFooter>
    </>
  );
}

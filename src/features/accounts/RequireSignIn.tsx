import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import type { Me } from "#contract/accounts.ts";
import { signInRequired } from "#words/accounts.ts";
import { controls } from "#words/controls.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { useMe } from "./me.ts";

/** A page for signed-in people: `<RequireSignIn title={…}>{(me) => …}</RequireSignIn>`. Visitors return here after signing in. */
export function RequireSignIn({ title, children }: { title: string; children: (me: Me) => ReactNode }) {
  const { data: me, error, isPending, refetch } = useMe();
  if (isPending) return <PageLoading />;
  if (me) return children(me);
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={title} />
      {error ? (
        <ProblemState title={signInRequired.failed} error={error} onRetry={refetch} />
      ) : (
        <SignInPrompt />
      )}
    </div>
  );
}

function SignInPrompt() {
  const location = useLocation();
  const here = location.pathname + location.search + location.hash;
  return (
    <EmptyState Icon={KeyRound} title={signInRequired.title}>
      <p>{signInRequired.detail}</p>
      <p className="flex flex-wrap justify-center gap-3">
        <Link to={paths.signIn(here)} className={buttonVariants()}>
          {controls.signIn}
        </Link>
        <Link to={paths.signUp(here)} className={buttonVariants({ variant: "secondary" })}>
          {signInRequired.createAccount}
        </Link>
      </p>
    </EmptyState>
  );
}

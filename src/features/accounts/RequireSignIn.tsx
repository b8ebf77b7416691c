import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import type { Me } from "#contract/accounts.ts";
import { controls } from "#words/controls.ts";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { useMe } from "./me.ts";

/** For pages of signed-in people: `<RequireSignIn title="Your sessions">{(me) => …}</RequireSignIn>`. Comes back here. */
export function RequireSignIn({ title, children }: { title: string; children: (me: Me) => ReactNode }) {
  const { data: me, error, isPending, refetch } = useMe();
  if (isPending) return <PageLoading />;
  if (me) return children(me);
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={title} />
      {error ? (
        <ProblemState title="We could not see who you are" error={error} onRetry={refetch} />
      ) : (
        <SignInPrompt />
      )}
    </div>
  );
}

function SignInPrompt() {
  const location = useLocation();
  const here = location.pathname + location.search;
  return (
    <EmptyState Icon={KeyRound} title="Please sign in to see this">
      <p>We will bring you straight back to this page.</p>
      <p className="flex flex-wrap justify-center gap-3">
        <Link to={paths.signIn(here)} className={buttonVariants()}>
          {controls.signIn}
        </Link>
        <Link to={paths.signUp(here)} className={buttonVariants({ variant: "secondary" })}>
          Create an account
        </Link>
      </p>
    </EmptyState>
  );
}

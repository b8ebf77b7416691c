import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { SignInMethods } from "#contract/signInMethods.ts";
import { confirmFirst, signInMethodsFailed } from "#words/accountPage.ts";
import { controls } from "#words/controls.ts";
import { Alert } from "@/ui/Alert.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { signInMethodsQuery } from "./queries.ts";

type WithSignInMethodsProps = {
  userId: string;
  /** What it changes cannot be added before the address is confirmed. */
  needsConfirmedAddress?: boolean;
  children: (methods: SignInMethods) => ReactNode;
};

/** Renders a section once it is known how the person signs in. */
export function WithSignInMethods({ userId, needsConfirmedAddress, children }: WithSignInMethodsProps) {
  const { data: methods, error, refetch } = useQuery(signInMethodsQuery(userId));
  if (methods)
    return (
      <>
        {needsConfirmedAddress && !methods.address_confirmed && (
          <Alert announce={false}>{confirmFirst}</Alert>
        )}
        {children(methods)}
      </>
    );
  if (error) return <ProblemState title={signInMethodsFailed} error={error} onRetry={refetch} />;
  return (
    <div role="status">
      <span className="sr-only">{controls.loading}</span>
      <Skeleton className="h-11 w-48" />
    </div>
  );
}

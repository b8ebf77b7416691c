import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { SignInMethods } from "#contract/signInMethods.ts";
import { googleSection } from "#words/accountPage.ts";
import { paths } from "@/lib/paths.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { useSearchParams } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { useAction } from "@/ui/useAction.ts";
import { GoogleMark } from "../GoogleMark.tsx";
import { connectGoogle, googleProblem } from "../googleSignIn.ts";
import { AccountSection } from "./AccountSection.tsx";
import { disconnectGoogle } from "./api.ts";
import { useProof } from "./useProof.tsx";
import { WithSignInMethods } from "./WithSignInMethods.tsx";

/** Only where signing in with Google is configured. */
export function GoogleSection({ me }: { me: Me }) {
  return (
    <AccountSection id="google" lead={googleSection.lead}>
      <WithSignInMethods userId={me.id} needsConfirmedAddress>
        {(methods) => <Google me={me} methods={methods} />}
      </WithSignInMethods>
    </AccountSection>
  );
}

function Google({ me, methods }: { me: Me; methods: SignInMethods }) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const [search] = useSearchParams();
  const [isAsking, setIsAsking] = useState(false);
  const failure = googleProblem(search.get("error"));
  const connect = useAction(() =>
    withProof(() => connectGoogle({ next: paths.account(), onError: paths.account() })),
  );
  const disconnect = useAction(async () => {
    const isDone = await withProof(async () => {
      await disconnectGoogle();
      return true;
    });
    if (isDone) toast.success(googleSection.disconnected);
    await queryClient.invalidateQueries({ queryKey: ownKeys.signInMethods(me.id) });
  });
  return (
    <>
      {failure && !methods.google && <Alert tone="bad">{failure}</Alert>}
      {methods.google ? (
        <div className="flex flex-wrap items-center gap-3">
          <GoogleMark />
          <Badge tone="good">{googleSection.connected}</Badge>
          <Button variant="secondary" onClick={() => setIsAsking(true)}>
            {googleSection.disconnect}
          </Button>
        </div>
      ) : (
        <Button
          variant="secondary"
          pending={connect.isPending}
          disabled={!methods.address_confirmed}
          onClick={connect.run}
        >
          {!connect.isPending && <GoogleMark />}
          {googleSection.connect}
        </Button>
      )}
      {isAsking && (
        <ConfirmDialog
          title={googleSection.disconnectTitle}
          keepLabel={googleSection.keep}
          confirmLabel={googleSection.disconnect}
          onClose={() => setIsAsking(false)}
          // The dialog closes at once: another one may ask for a proof.
          onConfirm={() => void disconnect.run()}
          focusAfter={() => document.getElementById("google")?.focus()}
        >
          <p>{googleSection.disconnectText}</p>
        </ConfirmDialog>
      )}
      {proofDialog}
    </>
  );
}

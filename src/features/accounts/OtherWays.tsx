import { useQuery } from "@tanstack/react-query";
import { KeyRound, Mail } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { codeSignIn } from "#words/codes.ts";
import { otherWays } from "#words/signIn.ts";
import { ApiProblem } from "@/lib/api.ts";
import { paths, safeNext } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { GoogleMark } from "./GoogleMark.tsx";
import { continueWithGoogle } from "./googleSignIn.ts";
import {
  askForPasskey,
  NoPasskey,
  offersPasskeysInFields,
  stopAskingForPasskey,
  supportsPasskeys,
} from "./passkeys.ts";
import { signInOptionsQuery } from "./queries.ts";
import { useLogin } from "./useLogin.ts";

type OtherWaysProps = {
  next: string | undefined;
  /** A visitor without an account has no passkey, and gets no code. */
  known?: boolean;
  /** What is typed as the address, for the page of the code. */
  emailNow?: () => string;
};

/** What a person may sign in with instead of the form above. */
export function OtherWays({ next, known = false, emailNow }: OtherWaysProps) {
  const { data: offered } = useQuery(signInOptionsQuery);
  if (offered?.elsewhere || (!known && !offered?.google)) return null;
  return (
    <div className="mt-6 space-y-3">
      <p className="flex items-center gap-3 text-sm text-ink-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {otherWays.or}
      </p>
      {known && <CodeButton next={next} emailNow={emailNow} />}
      {known && supportsPasskeys() && <PasskeyButton isKnownToWork={offered !== undefined} />}
      {offered?.google && <GoogleButton next={next} />}
    </div>
  );
}

function CodeButton({ next, emailNow }: Pick<OtherWaysProps, "next" | "emailNow">) {
  const { state } = useLocation();
  return (
    <Button
      variant="secondary"
      size="lg"
      onClick={() => navigate(paths.signInWithCode(next), { state: { ...state, email: emailNow?.() ?? "" } })}
      className="w-full"
    >
      <Mail aria-hidden className="size-5" />
      {codeSignIn.offer}
    </Button>
  );
}

/** @param isKnownToWork whether passkeys are certain to be accepted here: then the browser's own offer is begun */
function PasskeyButton({ isKnownToWork }: { isKnownToWork: boolean }) {
  const { signInWithPasskey } = useLogin();
  const [isCancelled, setIsCancelled] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const waitInField = useEffectEvent(async (): Promise<void> => {
    try {
      await signInWithPasskey(await askForPasskey("sign in", "field"));
    } catch (thrown) {
      // Without an answer, or while the API can't be reached, the page works as if passkeys were not offered here.
      if (thrown instanceof NoPasskey) return;
      if (!(thrown instanceof ApiProblem)) throw thrown;
      if (thrown.code !== "passkey_not_accepted") return;
      setRefusal(thrown.detail);
      await waitInField();
    }
  });
  useWhilePasskeysAreOffered(isKnownToWork, () => void waitInField());
  const ask = useAction(
    async () => {
      setIsCancelled(false);
      setRefusal(null);
      try {
        await signInWithPasskey(await askForPasskey("sign in"));
      } catch (thrown) {
        if (!(thrown instanceof NoPasskey)) throw thrown;
        setIsCancelled(true);
      }
    },
    { inPlace: true },
  );
  const problem = ask.problem?.detail ?? refusal;
  return (
    <>
      {isCancelled && <Alert>{otherWays.passkeyCancelled}</Alert>}
      {problem && <Alert tone="bad">{problem}</Alert>}
      <Button variant="secondary" size="lg" pending={ask.isPending} onClick={ask.run} className="w-full">
        {!ask.isPending && <KeyRound aria-hidden className="size-5" />}
        {ask.isPending ? otherWays.passkeyPending : otherWays.passkey}
      </Button>
    </>
  );
}

/** Calls the listener where the browser offers passkeys in the field of the e-mail address, and ends the offer afterwards. */
function useWhilePasskeysAreOffered(isWanted: boolean, offer: () => void): void {
  const begin = useEffectEvent(offer);
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    void offersPasskeysInFields().then((offers) => {
      if (offers && !isGone) begin();
    });
    return () => {
      isGone = true;
      void stopAskingForPasskey();
    };
  }, [isWanted]);
}

function GoogleButton({ next }: { next: string | undefined }) {
  const leave = useAction(() =>
    continueWithGoogle({ next: safeNext(next ?? null), onError: paths.signIn(next) }),
  );
  return (
    <Button variant="secondary" size="lg" pending={leave.isPending} onClick={leave.run} className="w-full">
      {!leave.isPending && <GoogleMark />}
      {otherWays.google}
    </Button>
  );
}

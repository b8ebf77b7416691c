import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { otherWays } from "#words/signIn.ts";
import { paths, safeNext } from "@/lib/paths.ts";
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
  /** A visitor without an account has no passkey. */
  passkey?: boolean;
};

/** What a person may sign in with instead of the form above. */
export function OtherWays({ next, passkey = false }: OtherWaysProps) {
  const { data: offered } = useQuery(signInOptionsQuery);
  const showsPasskey = passkey && supportsPasskeys();
  if (!showsPasskey && !offered?.google) return null;
  return (
    <div className="mt-6 space-y-3">
      <p className="flex items-center gap-3 text-sm text-ink-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {otherWays.or}
      </p>
      {showsPasskey && <PasskeyButton />}
      {offered?.google && <GoogleButton next={next} />}
    </div>
  );
}

function PasskeyButton() {
  const { signInWithPasskey } = useLogin();
  const [isCancelled, setIsCancelled] = useState(false);
  const ask = useAction(
    async (where: "field" | "dialog") => {
      setIsCancelled(false);
      try {
        await signInWithPasskey(await askForPasskey("sign in", where));
      } catch (thrown) {
        if (!(thrown instanceof NoPasskey)) throw thrown;
        // A call that waits in the field ends without a word.
        if (where === "dialog") setIsCancelled(true);
      }
    },
    { inPlace: true },
  );
  const waitInField = useEffectEvent(() => ask.run("field"));
  useEffect(() => {
    let isGone = false;
    void offersPasskeysInFields().then((offers) => {
      if (offers && !isGone) void waitInField();
    });
    return () => {
      isGone = true;
      void stopAskingForPasskey();
    };
  }, []);
  const isAsking = ask.pendingArgs?.[0] === "dialog";
  return (
    <>
      {isCancelled && <Alert>{otherWays.passkeyCancelled}</Alert>}
      {ask.problem && <Alert tone="bad">{ask.problem.detail}</Alert>}
      <Button
        variant="secondary"
        size="lg"
        pending={isAsking}
        onClick={() => ask.run("dialog")}
        className="w-full"
      >
        {!isAsking && <KeyRound aria-hidden className="size-5" />}
        {isAsking ? otherWays.passkeyPending : otherWays.passkey}
      </Button>
    </>
  );
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

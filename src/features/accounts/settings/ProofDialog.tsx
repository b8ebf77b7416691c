import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { signInMethodsFailed } from "#words/accountPage.ts";
import { controls } from "#words/controls.ts";
import { otherWays, proofDialog } from "#words/signIn.ts";
import { paths } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { useAction } from "@/ui/useAction.ts";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { GoogleMark } from "../GoogleMark.tsx";
import { continueWithGoogle } from "../googleSignIn.ts";
import { PasswordInput } from "../PasswordInput.tsx";
import { askForPasskey, NoPasskey, supportsPasskeys } from "../passkeys.ts";
import { prove } from "./api.ts";
import { signInMethodsQuery } from "./queries.ts";

type ProofDialogProps = { me: Me; onProven: () => void; onClose: () => void };

/** Asks a person to prove again who they are, in a way that their account has. */
export function ProofDialog({ me, onProven, onClose }: ProofDialogProps) {
  const { data: methods, error, refetch } = useQuery(signInMethodsQuery(me.id));
  const hasPasskey = methods !== undefined && methods.passkeys.length > 0 && supportsPasskeys();
  return (
    <Dialog open onClose={onClose} title={proofDialog.title} description={proofDialog.text}>
      {!methods ? (
        <DialogBody>
          {error ? (
            <ProblemState title={signInMethodsFailed} error={error} onRetry={refetch} />
          ) : (
            <PartLoading />
          )}
        </DialogBody>
      ) : methods.password ? (
        <PasswordProof me={me} onProven={onProven}>
          {hasPasskey && <PasskeyProof onProven={onProven} />}
        </PasswordProof>
      ) : (
        <DialogBody>
          {hasPasskey ? (
            <PasskeyProof onProven={onProven} />
          ) : methods.google ? (
            <GoogleProof />
          ) : (
            <p>{proofDialog.signInAgain}</p>
          )}
        </DialogBody>
      )}
    </Dialog>
  );
}

function PasswordProof({
  me,
  onProven,
  children,
}: {
  me: Me;
  onProven: () => void;
  children: React.ReactNode;
}) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { password: "" },
    save: async (typed: { password: string }) => {
      await prove(typed);
      onProven();
    },
  });
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <div className="space-y-4">
          {problem && <Alert tone="bad">{problem}</Alert>}
          <input type="text" hidden readOnly autoComplete="username" value={me.email} />
          <Field label={proofDialog.password} error={formState.errors.password?.message} required>
            {(control) => (
              <PasswordInput
                {...control}
                {...register("password", { required: proofDialog.passwordMissing })}
                autoComplete="current-password"
                autoFocus
              />
            )}
          </Field>
          {children}
        </div>
      </DialogBody>
      <DialogActions>
        <DialogClose>{controls.cancel}</DialogClose>
        <Button type="submit" pending={formState.isSubmitting}>
          {proofDialog.confirm}
        </Button>
      </DialogActions>
    </form>
  );
}

function PasskeyProof({ onProven }: { onProven: () => void }) {
  const [isCancelled, setIsCancelled] = useState(false);
  const ask = useAction(
    async () => {
      setIsCancelled(false);
      try {
        await prove({ passkey: await askForPasskey("prove") });
        onProven();
      } catch (thrown) {
        if (!(thrown instanceof NoPasskey)) throw thrown;
        setIsCancelled(true);
      }
    },
    { inPlace: true },
  );
  return (
    <div className="space-y-3">
      {isCancelled && <Alert>{otherWays.passkeyCancelled}</Alert>}
      {ask.problem && <Alert tone="bad">{ask.problem.detail}</Alert>}
      <Button variant="secondary" pending={ask.isPending} onClick={ask.run} className="w-full">
        {!ask.isPending && <KeyRound aria-hidden className="size-5" />}
        {proofDialog.passkey}
      </Button>
    </div>
  );
}

function GoogleProof() {
  const leave = useAction(() => continueWithGoogle({ next: paths.account(), onError: paths.account() }));
  return (
    <Button variant="secondary" pending={leave.isPending} onClick={leave.run} className="w-full">
      {!leave.isPending && <GoogleMark />}
      {proofDialog.google}
    </Button>
  );
}

import { lazy, Suspense, useState } from "react";
import type { TwoFactorSetup } from "#contract/signInMethods.ts";
import { recoveryCodesDialog, twoFactorSetup } from "#words/accountPage.ts";
import { controls } from "#words/controls.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { turnTwoFactorOn } from "./api.ts";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";

const QrCode = lazy(() => import("./QrCode.tsx"));

type TwoFactorDialogProps = { setup: TwoFactorSetup; onClose: () => void };

/** Sets up an authenticator app, then shows the recovery codes. */
export function TwoFactorDialog({ setup, onClose }: TwoFactorDialogProps) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodesDialog codes={codes} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={twoFactorSetup.title}>
      <SetupForm setup={setup} onCodes={setCodes} />
    </Dialog>
  );
}

function SetupForm({
  setup,
  onCodes,
}: {
  setup: TwoFactorSetup;
  onCodes: (codes: readonly string[]) => void;
}) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { code: "" },
    save: async ({ code }: { code: string }) => {
      const { recovery_codes } = await turnTwoFactorOn(code.trim());
      toast.success(recoveryCodesDialog.turnedOn);
      onCodes(recovery_codes);
    },
  });
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <div className="space-y-5">
          <p>{twoFactorSetup.scan}</p>
          <div className="flex flex-wrap items-center gap-4">
            <Suspense fallback={<Skeleton className="aspect-square w-full max-w-56" />}>
              <QrCode text={setup.uri} label={twoFactorSetup.qrCode} />
            </Suspense>
            <a
              href={setup.uri}
              className={buttonVariants({ variant: "secondary", className: "pointer-fine:hidden" })}
            >
              {twoFactorSetup.openApp}
            </a>
          </div>
          <CopyField label={twoFactorSetup.key} text={setup.secret} />
          {problem && <Alert tone="bad">{problem}</Alert>}
          <Field label={twoFactorSetup.code} error={formState.errors.code?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("code", { required: twoFactorSetup.codeMissing })}
                inputMode="numeric"
                autoComplete="one-time-code"
                className="font-mono tracking-widest"
              />
            )}
          </Field>
        </div>
      </DialogBody>
      <DialogActions>
        <DialogClose>{controls.cancel}</DialogClose>
        <Button type="submit" pending={formState.isSubmitting}>
          {twoFactorSetup.submit}
        </Button>
      </DialogActions>
    </form>
  );
}

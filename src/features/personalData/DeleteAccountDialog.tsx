import { useQuery } from "@tanstack/react-query";

import type { Me } from "#contract/accounts.ts";
import type { DeletionPreview } from "#contract/personalData.ts";
import { deletionRefusals, deletionSection } from "#words/personalData.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { useLogin } from "@/features/accounts/useLogin.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field, FieldError } from "@/ui/Field.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Spinner } from "@/ui/Spinner.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { deleteAccount } from "./api.ts";
import { DeletionConsequences } from "./DeletionConsequences.tsx";
import { deletionQuery } from "./queries.ts";

type DeleteAccountDialogProps = { me: Me; onClose: () => void };

/** Says what will happen, then asks for the password. */
export function DeleteAccountDialog({ me, onClose }: DeleteAccountDialogProps) {
  const { data: preview, error, refetch } = useQuery(deletionQuery(me.id));
  return (
    <Dialog open onClose={onClose} title={deletionSection.dialogTitle}>
      {preview ? (
        <DeletionForm me={me} preview={preview} />
      ) : (
        <DialogBody>
          {error ? (
            <ProblemState title={deletionSection.failed} error={error} onRetry={refetch} />
          ) : (
            <p role="status" className="flex items-center gap-3">
              <Spinner />
              {deletionSection.loading}
            </p>
          )}
        </DialogBody>
      )}
    </Dialog>
  );
}

function DeletionForm({ me, preview }: { me: Me; preview: DeletionPreview }) {
  const { forget } = useLogin();
  const needsPassword = preview.proof === "password";
  const { withProof, proofDialog } = useProof(me);
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { password: "", confirmed: false },
    save: async ({ password }: { password: string; confirmed: boolean }) => {
      const isDone = await withProof(async () => {
        await deleteAccount({ confirmed: true, ...(needsPassword && { password }) });
        return true;
      });
      if (!isDone) return;
      navigate(paths.accountDeleted());
      forget();
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          {problem && (
            <Alert tone="bad" className="mb-4">
              {problem}
            </Alert>
          )}
          <DeletionConsequences preview={preview} />
          <div className="mt-6 space-y-5">
            {needsPassword && (
              <Field label={deletionSection.password} error={errors.password?.message} required>
                {(control) => (
                  <PasswordInput
                    {...control}
                    {...register("password", { required: deletionRefusals.passwordMissing })}
                    autoComplete="current-password"
                  />
                )}
              </Field>
            )}
            <input type="text" hidden readOnly autoComplete="username" value={me.email} />
            <div>
              <Checkbox
                label={deletionSection.sure}
                {...register("confirmed", { required: deletionRefusals.unconfirmed })}
              />
              {errors.confirmed?.message && <FieldError>{errors.confirmed.message}</FieldError>}
            </div>
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose disabled={isSubmitting}>{deletionSection.keep}</DialogClose>
          <Button type="submit" variant="danger" pending={isSubmitting}>
            {deletionSection.confirm}
          </Button>
        </DialogActions>
      </form>
      {proofDialog}
    </>
  );
}

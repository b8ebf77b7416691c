import { useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { Passkey, SignInMethods } from "#contract/signInMethods.ts";
import { passkeysSection } from "#words/accountPage.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { timeAgo } from "@/lib/sessionTime.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { RemovableList } from "@/ui/RemovableList.tsx";
import { useAction } from "@/ui/useAction.ts";
import { makePasskey, NoPasskey, supportsPasskeys } from "../passkeys.ts";
import { AccountSection } from "./AccountSection.tsx";
import { addPasskey, removePasskey } from "./api.ts";
import { useProof } from "./useProof.tsx";
import { WithSignInMethods } from "./WithSignInMethods.tsx";

export function PasskeysSection({ me }: { me: Me }) {
  return (
    <AccountSection id="passkeys" lead={passkeysSection.lead}>
      <WithSignInMethods userId={me.id} needsConfirmedAddress>
        {(methods) => <Passkeys me={me} methods={methods} />}
      </WithSignInMethods>
    </AccountSection>
  );
}

function Passkeys({ me, methods }: { me: Me; methods: SignInMethods }) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const listAgain = () => queryClient.invalidateQueries({ queryKey: ownKeys.signInMethods(me.id) });

  const add = useAction(async () => {
    setFailure(null);
    try {
      if (await withProof(async () => addPasskey(await makePasskey()))) toast.success(passkeysSection.added);
      await listAgain();
    } catch (thrown) {
      if (!(thrown instanceof NoPasskey)) throw thrown;
      setFailure(thrown.alreadyThere ? passkeysSection.alreadyThere : passkeysSection.notMade);
    }
  });
  const remove = useAction(async ({ id }: Passkey) => {
    const removed = await withProof(async () => {
      await removePasskey(id);
      return true;
    });
    if (removed) toast.success(passkeysSection.removed);
    await listAgain();
  });

  return (
    <>
      {failure && <Alert tone="bad">{failure}</Alert>}
      {methods.passkeys.length > 0 && (
        <div className="rounded-control border border-line [&_ul]:border-t-0">
          <RemovableList
            label={passkeysSection.list}
            items={methods.passkeys.map((passkey) => ({
              id: passkey.id,
              content: <PasskeyLine passkey={passkey} />,
              removeLabel: passkeysSection.remove(passkey.name),
            }))}
            removingId={remove.pendingArgs?.[0].id}
            onRemove={(id) => setRemoving(methods.passkeys.find((one) => one.id === id) ?? null)}
          />
        </div>
      )}
      {supportsPasskeys() ? (
        <Button
          variant="secondary"
          pending={add.isPending}
          disabled={!methods.address_confirmed}
          onClick={add.run}
        >
          {!add.isPending && <Plus aria-hidden className="size-5" />}
          {add.isPending ? passkeysSection.adding : passkeysSection.add}
        </Button>
      ) : (
        <p className="text-ink-soft">{passkeysSection.unsupported}</p>
      )}
      {removing && (
        <ConfirmDialog
          title={passkeysSection.removeTitle}
          keepLabel={passkeysSection.keep}
          confirmLabel={passkeysSection.removeConfirm}
          onClose={() => setRemoving(null)}
          // The dialog closes at once: another one may ask for a proof.
          onConfirm={() => void remove.run(removing)}
          focusAfter={() => document.getElementById("passkeys")?.focus()}
        >
          <p>{passkeysSection.removeText}</p>
        </ConfirmDialog>
      )}
      {proofDialog}
    </>
  );
}

function PasskeyLine({ passkey: { name, created_at, last_used_at } }: { passkey: Passkey }) {
  const now = useNow();
  const timeZone = useViewerTimeZone();
  return (
    <div className="flex items-center gap-4">
      <KeyRound aria-hidden className="size-6 shrink-0 text-ink-soft" />
      <div className="min-w-0">
        <p className="font-semibold">{name}</p>
        <p className="text-sm text-ink-soft">
          <span>{passkeysSection.addedOn(formatShortDay(created_at, timeZone))}</span>
          <span aria-hidden> · </span>
          <span>
            {last_used_at ? passkeysSection.lastUsed(timeAgo(last_used_at, now)) : passkeysSection.neverUsed}
          </span>
        </p>
      </div>
    </div>
  );
}
